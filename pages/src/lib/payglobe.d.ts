/** Types of PayGlobe.js v1. Amounts are decimal major units: 50.00 is fifty euros. */

export interface NewPayment {
  amount: number;
  /** ISO 4217; EUR when left out. */
  currency?: string;
  /** What of the amount meal vouchers may pay, such as the food in it; 0: nothing. All of it when left out. */
  maxVoucherAmount?: number;
  /** Where the receipt goes. */
  email?: string;
  description?: string;
  /** Webhook address of this payment alone. */
  notifyUrl?: string;
  /** Where the browser goes after the card, when not to the hosted choice. `{transactionId}` in it is replaced. */
  callbackUrl?: string;
  /** Where the browser goes when the card is declined or the customer cancels. */
  errorUrl?: string;
  /** Where the link on the receipt leads. `{transactionId}` in it is replaced. */
  returnUrl?: string;
  paymentMode?: "PREAUTH_VOUCHER_CAPTURE" | "SALE_DIRECT" | "SALE_WITH_TOKENIZATION";
  customerId?: string;
  /** it, en, de, fr or es; the browser's language when left out. */
  language?: string;
}

export type PaymentStatus =
  | "PENDING"
  | "CARD_PREAUTH_SUCCESS"
  | "CARD_PREAUTH_FAILED"
  | "PROCESSING"
  | "SUCCESS"
  | "VOUCHER_FAILED"
  | "CARD_CAPTURE_FAILED"
  | "FAILED"
  | "VOIDED"
  | "PARTIALLY_REFUNDED"
  | "REFUNDED";

export interface CreatedPayment {
  success: true;
  id: string;
  transactionId: string;
  status: PaymentStatus;
  totalAmount: number;
  currency: string;
  redirectUrl: string;
  /** Leads the tab that paid on; in any other one only with `#` and the client secret behind it. */
  checkoutUrl: string;
  paymentMode: string;
  igfs: { paymentId: string; status: PaymentStatus };
}

export interface RetrievedPayment {
  success: true;
  id: string;
  transactionId: string;
  status: PaymentStatus;
  totalAmount: number;
  currency: string;
  /** The gateway's own id of this payment. */
  paymentId: string;
  voucherAmount: number;
  /** As it was asked for; null: vouchers may pay all of it. */
  maxVoucherAmount: number | null;
  /** What vouchers may pay yet; 0 once the payment is over. */
  voucherAmountLeft: number;
  cardGateway: { paymentId: string; preauthorizedAmount: number; status: string };
  breakdown: {
    cardAmount: number;
    voucherAmount: number;
    paymentMethod: "CARD_ONLY" | "CARD_AND_VOUCHER" | "VOUCHER_ONLY";
  };
  /** Present while the payment can be paid. */
  redirectUrl?: string;
  checkoutUrl?: string;
}

export interface CheckoutResult {
  paymentId: string;
  transactionId: string;
  status: PaymentStatus;
}

export interface PayGlobeError extends Error {
  /** Machine-readable, for example "invalid_amount", "network_error" or "cancelled". */
  code: string;
  /** Quote it to support. */
  requestId: string;
}

export interface PayGlobeClient {
  payments: {
    /** The same content again is the same payment while that is being made or is open in a frame of this page. */
    create(payment: NewPayment): Promise<CreatedPayment>;
    retrieve(id: string): Promise<RetrievedPayment>;
  };
  /**
   * Without `element` the browser leaves the page. With it the checkout opens in an iframe inside that element;
   * the promise resolves when the payment is complete, and rejects when it failed or was cancelled.
   */
  redirectToCheckout(options: { paymentId: string; element?: string | Element }): Promise<CheckoutResult>;
}

declare global {
  /** Throws a PayGlobeError for anything but a publishable key. */
  function PayGlobe(publishableKey: string): PayGlobeClient;
}
