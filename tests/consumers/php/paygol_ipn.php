<?php
// What a client library does with a notification: the header by its exact name, the body read as JSON, its keys
// sorted, written again and signed.
$headers = getallheaders();
$told = json_decode(file_get_contents('php://input'), true);
if (!isset($headers['X-Pg-Sig']) || !is_array($told)) {
    http_response_code(400);
    return;
}
ksort($told, SORT_NATURAL | SORT_FLAG_CASE);
$made = hash_hmac('sha256', json_encode($told), getenv('PAYGOL_SECRET'));
if (!hash_equals($made, $headers['X-Pg-Sig']) || $told['service_id'] !== '123') {
    http_response_code(400);
    return;
}
error_log("$told[status] $told[transaction_id] $told[price] $told[currency] $told[custom]");
header('Content-Type: application/json');
echo json_encode(['OK']);
