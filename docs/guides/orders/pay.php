<?php
// Makes an order and pays it with the cards given, one after the other until one succeeds: php pay.php <own number> <card>...
// Prints where each customer is to be sent, then what became of the payment.
define('BASE', (getenv('GLOMOPAY_URL') ?: 'https://api.glomopay.com') . '/api/v1');
[$reference, $cards] = [$argv[1], array_slice($argv, 2)];

function call(string $method, string $url, ?array $body = null): array
{
    $answer = file_get_contents($url, false, stream_context_create([
        'http' => [
            'method' => $method,
            'header' => ['Authorization: Bearer ' . getenv('GLOMOPAY_SECRET_KEY'), 'Content-Type: application/json'],
            'content' => $body === null ? '' : json_encode($body),
            'ignore_errors' => true,
            'timeout' => 30,
        ],
    ]));
    $said = $answer === false ? [] : json_decode($answer, true);
    if ($answer === false || !preg_match('/ 2\d\d /', $http_response_header[0])) {
        throw new RuntimeException(($http_response_header[0] ?? 'no answer') . ' ' . ($said['message'] ?? ''));
    }
    return $said;
}

// The number is good for one order: whatever became of an earlier call, there is never a second one.
function orderOf(string $requestId): array
{
    return call('GET', BASE . '/orders?request_id=' . rawurlencode($requestId))['data'][0] ?? call('POST', BASE . '/orders', [
        'customer_id' => 'cust_E602dMzgjpDC',
        'currency' => 'USD',
        'amount' => 1000,
        'purpose_code' => 'P1401',
        'request_id' => $requestId,
        'payment_methods' => ['card'],
    ]);
}

function outcome(array $step): array
{
    while (true) {
        $payment = call('GET', $step['payload']['url']);
        if ($payment['status'] !== 'in_progress') {
            return $payment;
        }
        usleep(1000 * min($step['payload']['interval_in_ms'], 1000));
    }
}

$order = orderOf($reference);
foreach ($cards as $number) {
    $begun = call('POST', BASE . '/payments', [
        'order_id' => $order['id'],
        'method' => 'card',
        'card' => ['holder_name' => 'John Doe', 'number' => $number, 'expiry_month' => '09', 'expiry_year' => '2030', 'cvv' => '123'],
        'callback_url' => 'https://server.yoursite.com/payment/callback',
    ]);
    [$redirect, $poll] = $begun['next_steps'];
    echo $redirect['payload']['url'], "\n";
    $payment = outcome($poll);
    echo $payment['status'], ' ', $payment['error_code'] ?? $payment['amount'], "\n";
    if ($payment['status'] === 'success') {
        break;
    }
}
echo call('GET', BASE . "/orders/{$order['id']}")['status'], "\n";
