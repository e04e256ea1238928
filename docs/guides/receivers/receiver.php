<?php
// A webhook receiver in plain PHP (8.0 or later): WEBHOOK_SECRET=whsec_... php -S 127.0.0.1:4242 receiver.php

// Whether Stripe-Signature (t=<unix>,v1=<hex>[,v1=<hex>]) was made with our secret within five minutes.
function verified(string $rawBody, string $header, string $secret): bool
{
    $timestamp = '';
    $signatures = [];
    foreach (explode(',', $header) as $part) {
        [$name, $value] = array_pad(explode('=', $part, 2), 2, '');
        if ($name === 't') {
            $timestamp = $value;
        }
        if ($name === 'v1') {
            $signatures[] = $value;
        }
    }
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $expected = hash_hmac('sha256', $timestamp . '.' . $rawBody, $secret);
    foreach ($signatures as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

$rawBody = file_get_contents('php://input');
if (!verified($rawBody, $_SERVER['HTTP_STRIPE_SIGNATURE'] ?? '', getenv('WEBHOOK_SECRET'))) {
    http_response_code(401);
    return;
}
$event = json_decode($rawBody, true);
// The same event may come more than once: remember $event['id'] in a table and skip it the second time.
error_log($event['type'] . ' ' . ($event['data']['object']['transactionId'] ?? ''));
http_response_code(200);
