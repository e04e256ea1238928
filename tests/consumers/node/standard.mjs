// A receiver with the standardwebhooks library: the key is the part after whsec_test_ or whsec_live_.
import express from "express";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET.replace(/^whsec_(test|live)_/, ""));
const app = express();
app.post("/webhook", express.raw({ type: "application/json" }), (req, res) => {
  try {
    const event = webhook.verify(req.body, req.headers);
    console.log("verified", event.type);
    res.status(200).send("OK");
  } catch (error) {
    res.status(401).send(error.message);
  }
});
app.listen(Number(process.env.PORT), "127.0.0.1");
