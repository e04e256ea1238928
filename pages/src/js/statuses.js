// The gateway's words for where a payment stands, as the pages group them.

export const AT_CARD = ["PENDING", "CARD_PREAUTH_FAILED"];
export const CHOOSING = ["CARD_PREAUTH_SUCCESS", "VOUCHER_FAILED"];
export const UNDER_WAY = [...CHOOSING, "PROCESSING"];
export const PAID = ["SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED"];
// Looks at a payment under way before the page says that it takes long: about twenty seconds.
export const SLOW = 15;
