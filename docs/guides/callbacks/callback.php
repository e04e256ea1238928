<?php
// Verifies a callback: php callback.php '<its query>' prints success or failed, or ends with 1 when it is forged.
parse_str($argv[1], $said);
$signed = implode('|', [$said['order_id'] ?? '', $said['payment_id'] ?? '', $said['status'] ?? '']);
$expected = hash_hmac('sha256', $signed, getenv('GLOMOPAY_SECRET_KEY'));
if (!hash_equals($expected, $said['signature'] ?? '')) {
    exit(1);
}
echo $said['status'], "\n";
