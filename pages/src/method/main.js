// Starts the page on which a payment method is chosen, begun and waited for.
import { startPage } from "../js/start.js";
import { startMethod } from "./method.js";

startPage(startMethod);
