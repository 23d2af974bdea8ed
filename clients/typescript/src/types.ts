/** One event that speaks for a product, with its share of the score. */
export interface Evidence { seq: number; product_id: string; share: number }

/** Why a product is shown: a code, its parameters, the events it rests on. */
export interface Reason {
  code: string;
  params?: Record<string, string>;
  evidence?: Evidence[];
  shares?: Record<string, number>;
}

/** One place of a list; `explanation` is the reason in words, in the language that was asked for. */
export interface Item {
  product_id: string;
  title?: string;
  explanation?: string;
  reason?: Reason;
  score?: number;
  position?: number;
  propensity?: number;
}

/** A served list, or the caller's own fallback (`is_fallback`, without a `list_id`). */
export interface Recommendations {
  items: Item[];
  list_id?: string;
  model?: string;
  is_personal?: boolean;
  notice?: string;
  notice_text?: string;
  is_fallback?: boolean;
}

/** A trait of a product that a shopper may see less of. */
export interface Chip { kind: string; value: string; key: string; is_chosen: boolean }

/** A "show me less"; its id undoes it. */
export interface Preference { id: string; product_id: string; chips: Chip[]; is_undone: boolean }

export type EventName =
  | "view_item" | "view_item_list" | "select_item" | "search" | "add_to_cart" | "remove_from_cart" | "add_to_wishlist"
  | "begin_checkout" | "purchase" | "refund" | "dismiss" | "message_sent" | "message_opened" | "rate" | "share" | "follow"
  | "identify" | "invite";

/** One thing a shopper did; `id` is random and the sender's, so that sending twice counts once. */
export interface ShopEvent {
  id: string;
  name: EventName;
  at?: string;
  customer_id?: string;
  visitor_id?: string;
  product_id?: string;
  quantity?: number;
  value_minor?: number;
  currency?: string;
  engagement_time_msec?: number;
  rating?: number;
  context?: Record<string, string | number>;
}

/** An event of a batch that was not taken, and why. */
export interface RefusedEvent { index: number; code: string; reason: string; hint?: string; id?: string }

/** What became of a batch. */
export interface EventReceipt { accepted: number; duplicates: number; refused: RefusedEvent[] }

/** A problem in detail (RFC 9457). */
export interface Problem { title?: string; status: number; detail?: string; code?: string; hint?: string }
