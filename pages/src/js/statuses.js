// The gateway's words for where a payment stands, as the pages group them.

export const AT_CARD = ["PENDING", "CARD_PREAUTH_FAILED"];
export const CHOOSING = ["CARD_PREAUTH_SUCCESS", "VOUCHER_FAILED"];
export const PAID = ["SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED"];
