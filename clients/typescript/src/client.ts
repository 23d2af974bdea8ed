import type { EventReceipt, Preference, Problem, Recommendations, ShopEvent } from "./types.js";

export interface ClientOptions {
  /** The server, `https://host`. */
  baseUrl: string;
  shop: string;
  /** A service key (on a server), a publishable key or a customer's token (in a page). */
  key: string;
  /** How long a page waits for recommendations before it shows the fallback, in milliseconds. */
  readLimitMs?: number;
  /** How long a write may take, in milliseconds. */
  writeLimitMs?: number;
  fetch?: typeof fetch;
}

interface ListAsk {
  k?: number;
  language?: string;
  /** Product ids to show when the server does not answer in time. */
  fallback?: readonly string[];
}
export interface RecommendAsk extends ListAsk { customerId?: string; visitorId?: string; surface?: string }
export interface SimilarAsk extends ListAsk {}
export interface ShowLessAsk { productId: string; chips?: readonly string[]; customerId?: string; visitorId?: string }

/** The server refused, or could not be reached (then `problem.status` is 0). */
export class ServerError extends Error {
  constructor(readonly problem: Problem) {
    super([problem.detail || problem.title, problem.hint].filter(Boolean).join(" "));
    this.name = "ServerError";
  }
}

const WRITE_TRIES = 3;

/** One shop on one server. Reads answer in time or fall back; writes carry an idempotency key and are tried again. */
export class Client {
  readonly #root: string;
  readonly #key: string;
  readonly #readLimitMs: number;
  readonly #writeLimitMs: number;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.#root = `${options.baseUrl.replace(/\/$/, "")}/v1/${encodeURIComponent(options.shop)}`;
    this.#key = options.key;
    this.#readLimitMs = options.readLimitMs ?? 150;
    this.#writeLimitMs = options.writeLimitMs ?? 10_000;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  /** What a shopper may like next. */
  recommend(ask: RecommendAsk): Promise<Recommendations> {
    const { customerId, visitorId, k = 10, surface = "home", language = "zh", fallback = [] } = ask;
    return this.#list("/recommendations", { customer_id: customerId, visitor_id: visitorId, k, surface, language }, fallback);
  }

  /** Products like one. */
  similar(productId: string, ask: SimilarAsk = {}): Promise<Recommendations> {
    const { k = 10, language = "zh", fallback = [] } = ask;
    return this.#list(`/products/${encodeURIComponent(productId)}/similar`, { k, language }, fallback);
  }

  /** Take a product away and lower those that share the chips, in the very next answer. Left out, the server chooses the chips. */
  showLess(ask: ShowLessAsk): Promise<Preference> {
    const body = { product_id: ask.productId, chips: ask.chips, customer_id: ask.customerId, visitor_id: ask.visitorId };
    return this.#write("POST", "/recommendations/show-less", body);
  }

  /** Take a "show less" back. */
  undoShowLess(preferenceId: string): Promise<void> {
    return this.#write("DELETE", `/recommendations/show-less/${encodeURIComponent(preferenceId)}`);
  }

  /** Post events; when this resolves they are on the server's disk. Refused ones are named in the receipt. */
  send(events: readonly ShopEvent[]): Promise<EventReceipt> {
    return this.#write("POST", "/events/batch", events);
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#key}`, "content-type": "application/json" };
  }

  async #list(path: string, ask: Record<string, string | number | undefined>, fallback: readonly string[]): Promise<Recommendations> {
    const given = Object.entries(ask).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    try {
      const answer = await this.#fetch(`${this.#root}${path}?${query}`, {
        headers: this.#headers(), signal: AbortSignal.timeout(this.#readLimitMs),
      });
      if (answer.ok) return (await answer.json()) as Recommendations;
    } catch {
      // A shelf that is late or broken must not break the page.
    }
    return { items: fallback.map((product_id) => ({ product_id })), is_fallback: true };
  }

  async #write<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { ...this.#headers(), "idempotency-key": crypto.randomUUID() };
    let problem: Problem = { title: "The server was not reached.", status: 0 };
    for (let tries = 0; tries < WRITE_TRIES; tries++) {
      let answer: Response;
      try {
        const signal = AbortSignal.timeout(this.#writeLimitMs);
        answer = await this.#fetch(`${this.#root}${path}`, { method, headers, signal, body: body === undefined ? null : JSON.stringify(body) });
      } catch (error) {
        problem = { title: "The server was not reached.", status: 0, detail: String(error) };
        continue;
      }
      const text = await answer.text();
      if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
      problem = asProblem(text, answer.status);
      if (answer.status < 500) break;
    }
    throw new ServerError(problem);
  }
}

function asProblem(text: string, status: number): Problem {
  try {
    return { ...(JSON.parse(text) as Problem), status };
  } catch {
    return { title: text.slice(0, 200), status };
  }
}
