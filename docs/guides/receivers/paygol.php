<?php
// Both kinds of Paygol's notifications in plain PHP (8.0 or later):
// PAYGOL_SECRET=7c1a6a24-... php -S 127.0.0.1:4243 paygol.php

// What is told, if it is genuine: a signed body, or a query that holds the secret and tells of nothing but payments.
function told(string $body, array $query, string $signature, string $secret): ?array
{
    if ($body !== '') {
        return hash_equals(hash_hmac('sha256', $body, $secret), $signature) ? json_decode($body, true) : null;
    }
    $key = $query['key'] ?? '';
    if (!is_string($key) || !hash_equals($secret, $key)) {
        return null;
    }
    return ['status' => 'completed'] + $query;
}

$told = told(file_get_contents('php://input'), $_GET, $_SERVER['HTTP_X_PG_SIG'] ?? '', getenv('PAYGOL_SECRET'));
if ($told === null) {
    http_response_code(400);
    return;
}
// Compare price and currency with the order that custom names: a form's fields are anybody's. The same transaction and
// status may come more than once: remember them, and do nothing the second time.
error_log("$told[status] $told[transaction_id] $told[price] $told[currency] $told[custom]");
echo 'OK';
