<?php
// What a client of the signed API does: a stream with a JSON body under GET, the signature over the bytes that it
// sends, the answer's signature found by its exact name among the headers. A status of 400 or more is no answer to it.

function call($base, $path, $secret, $method, array $given) {
    $body = json_encode($given);
    $headers = "Content-type: application/json\r\nX-PG-IMPL: php\r\nX-PG-SIG: " . hash_hmac('sha256', $body, $secret);
    $http = ['method' => $method, 'header' => $headers, 'content' => $body, 'timeout' => 30];
    $text = file_get_contents($base . $path, false, stream_context_create(['http' => $http]));
    if ($text === false) {
        throw new Exception('connection error');
    }
    if (!preg_match('/X-PG-SIG: ([0-9a-f]{64})/', implode("\n", $http_response_header), $found)) {
        throw new Exception('no signature');
    }
    if (!hash_equals(hash_hmac('sha256', $text, $secret), $found[1])) {
        throw new Exception('wrong signature');
    }
    return json_decode($text, true);
}

list(, $base, $service, $secret, $method) = $argv;
$as = ['pg_serviceid' => $service];
$token = call($base, '/api/v2/auth/token', $secret, $method, $as)['token'];
$as += ['pg_token' => $token];
$methods = call($base, '/api/v2/payment/methods', $secret, $method, $as + ['pg_country' => 'DE'])['methods'];
$made = call($base, '/api/v2/payment/create', $secret, $method, $as + [
    'pg_mode' => 'api', 'pg_format' => 'json', 'pg_price' => 9.99, 'pg_currency' => 'EUR', 'pg_country' => 'DE',
    'pg_language' => 'de', 'pg_method' => 'bitcoin', 'pg_first_name' => 'Jürgen', 'pg_last_name' => 'Doe',
    'pg_email' => 'jdoe@my-site.com', 'pg_bic' => '123423432', 'pg_iban' => '', 'pg_custom' => 'a/b "é"',
    'pg_return_url' => 'http://www.my-site.com/success', 'pg_cancel_url' => 'http://www.my-site.com/cancel',
])['data'];
$told = call($base, '/api/v2/payment/status', $secret, $method, $as + ['transaction_id' => $made['transaction_id']]);
$checkout = call($base, '/api/v2/payment/webcheckout', $secret, $method, $as + [
    'pg_price' => '10', 'pg_currency' => 'EUR', 'pg_country' => 'ES',
])['data'];
$refused = call($base, '/api/v2/payment/create', $secret, $method, $as + ['pg_price' => 1]);
echo json_encode([
    'methods' => array_keys($methods),
    'made' => $made,
    'told' => $told['payment'],
    'redirect' => $checkout['redirectUrl'],
    'refused' => $refused,
]);
