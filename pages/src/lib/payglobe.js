/*! PayGlobe.js v1: payments.create, payments.retrieve, redirectToCheckout. It never sees card data. */
(function (root) {
  "use strict";

  var SOURCE = "payglobe";
  var script = typeof document === "undefined" ? null : document.currentScript;
  // The gateway this file was loaded from is the gateway it works with.
  var home = new URL(script && script.src ? script.src : "http://localhost/").origin;
  var api = home + "/paymentgw/api";
  // One order, however often its button is pressed: what is on its way to being a payment, what became one, and what
  // is open in a frame. For the page, not for a client: a shop may make a client for each press.
  var making = new Map();
  var made = new Map();
  var pages = new Map();
  var checkouts = [];

  function failure(message, code, requestId) {
    var error = new Error(message);
    error.name = "PayGlobeError";
    error.code = code || "";
    error.requestId = requestId || "";
    return error;
  }

  function checkedKey(key) {
    if (typeof key === "string" && /^sk_/.test(key)) {
      throw failure(
        "This is a secret key. It must never be in a web page: use the publishable key (pk_...) here, and replace the secret key, as it may have been seen.",
        "secret_key_in_browser",
      );
    }
    if (typeof key !== "string" || !/^pk_(test|live)_/.test(key)) {
      throw failure("PayGlobe(key) needs your publishable key; it starts with pk_test_ or pk_live_.", "invalid_key");
    }
    return key;
  }

  function newKey() {
    var bytes = root.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function parsed(reply) {
    return reply.json().catch(function () { return {}; }).then(function (content) {
      if (reply.ok) return content;
      var message = content.message || content.error || "The payment gateway answered with status " + reply.status + ".";
      throw failure(message, content.code, content.requestId);
    });
  }

  // One more try when no answer came: the Idempotency-Key makes sure that it cannot become a second payment.
  function call(key, method, path, body) {
    var headers = { Authorization: "Bearer " + key };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] = newKey();
    }
    var options = { method: method, headers: headers, credentials: "omit", cache: "no-store" };
    if (body !== undefined) options.body = JSON.stringify(body);
    function send() { return root.fetch(api + path, options); }
    return send().catch(send).then(parsed, function () {
      throw failure("The payment gateway could not be reached. Please check the connection and try again.", "network_error");
    });
  }

  function pageOf(payment) {
    return payment.redirectUrl || payment.checkoutUrl;
  }

  // An acquirer's page shows itself in no frame; ours does, and leads there.
  function framedPageOf(payment) {
    var elsewhere = payment.checkoutUrl && payment.checkoutUrl.indexOf("transactionId=") >= 0;
    return elsewhere ? payment.checkoutUrl : pageOf(payment);
  }

  function container(selector) {
    var element = typeof selector === "string" ? document.querySelector(selector) : selector;
    if (!element) throw failure("There is no element " + selector + " on this page.", "element_not_found");
    return element;
  }

  function frameFor(address) {
    var frame = document.createElement("iframe");
    frame.title = "Secure payment";
    frame.allow = "payment";
    frame.style.cssText = "display:block;width:100%;min-width:18rem;height:36rem;border:0;border-radius:12px";
    frame.src = address;
    return frame;
  }

  // Shows the checkout in ``element``; the promise settles when the payment has ended there.
  function inFrame(address, paymentId, element) {
    var frame = frameFor(address);
    var origin = new URL(address).origin;
    var checkout = { paymentId: paymentId, element: element, frame: frame };
    checkouts.push(checkout);
    checkout.ended = new Promise(function (resolve, reject) {
      // Listens for as long as the frame is there: the receipt has a height of its own.
      function listen(event) {
        if (!frame.isConnected) {
          root.removeEventListener("message", listen);
          return reject(failure("The checkout was removed from the page.", "cancelled"));
        }
        if (event.origin !== origin || event.source !== frame.contentWindow) return undefined;
        var said = event.data;
        if (!said || said.source !== SOURCE) return undefined;
        if (said.type === "who") event.source.postMessage({ source: SOURCE, type: "here" }, origin);
        if (said.type === "height" && said.height > 0) frame.style.height = Math.min(said.height, 4000) + "px";
        if (said.type === "completed") resolve({ paymentId: paymentId, transactionId: said.transactionId, status: said.status });
        if (said.type === "failed") reject(failure(said.message || "The payment failed.", said.code || "payment_failed"));
        if (said.type === "cancelled") reject(failure("The payment was cancelled.", "cancelled"));
        return undefined;
      }
      root.addEventListener("message", listen);
      element.replaceChildren(frame);
    });
    function over() { checkouts.splice(checkouts.indexOf(checkout), 1); }
    checkout.ended.then(over, over);
    return checkout.ended;
  }

  // The checkout that is open for this payment, in this element if one is given.
  function openFor(paymentId, element) {
    return checkouts.find(function (one) {
      return one.paymentId === paymentId && one.frame.isConnected && (!element || one.element === element);
    });
  }

  function PayGlobe(publishableKey) {
    var key = checkedKey(publishableKey);

    // The same order again, while its payment is being made or paid in a frame, is that payment.
    function create(payment) {
      var order = key + JSON.stringify(payment || {});
      var known = made.get(order);
      if (known && openFor(known.id)) return Promise.resolve(known);
      if (!making.has(order)) {
        var answer = call(key, "POST", "/payment/initiate", payment || {}).then(function (created) {
          made.set(order, created);
          pages.set(created.id, created);
          return created;
        });
        var done = function () { making.delete(order); };
        making.set(order, answer);
        answer.then(done, done);
      }
      return making.get(order);
    }

    function retrieve(id) {
      if (!id) return Promise.reject(failure("payments.retrieve(id) needs the id of a payment.", "missing_id"));
      return call(key, "GET", "/payment/transaction/" + encodeURIComponent(id));
    }

    function addressOf(id, page) {
      if (pages.has(id)) return Promise.resolve(page(pages.get(id)));
      return retrieve(id).then(function (payment) {
        if (pageOf(payment)) return page(payment);
        throw failure("This payment can no longer be paid; its status is " + payment.status + ".", "not_payable");
      });
    }

    function shown(address, paymentId, element) {
      var open = openFor(paymentId, element);
      if (!open) return inFrame(address, paymentId, element);
      open.frame.scrollIntoView({ block: "nearest" });
      return open.ended;
    }

    // Without ``element`` the browser leaves this page, so the promise stays open.
    function redirectToCheckout(options) {
      var wanted = options || {};
      return Promise.resolve().then(function () {
        if (!wanted.paymentId) throw failure("redirectToCheckout needs a paymentId.", "missing_id");
        var element = wanted.element ? container(wanted.element) : null;
        return addressOf(wanted.paymentId, element ? framedPageOf : pageOf).then(function (address) {
          if (element) return shown(address, wanted.paymentId, element);
          root.location.assign(address);
          return new Promise(function () {});
        });
      });
    }

    return Object.freeze({
      payments: Object.freeze({ create: create, retrieve: retrieve }),
      redirectToCheckout: redirectToCheckout,
    });
  }

  PayGlobe.version = "1";
  root.PayGlobe = PayGlobe;
  if (typeof module === "object" && module.exports) module.exports = PayGlobe;
})(typeof globalThis === "undefined" ? this : globalThis);
