/** Typed client of a Zhanggui server. Start at {@link Client}. Apache-2.0. */

export * from "./types.js";
export { Client, ServerError } from "./client.js";
export type { ClientOptions, RecommendAsk, ShowLessAsk, SimilarAsk } from "./client.js";
