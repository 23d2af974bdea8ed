import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, ServerError } from "../dist/index.js";

const aClient = (fetch, options = {}) => new Client({ baseUrl: "https://shop.example/", shop: "teahouse", key: "zg_pk_x", fetch, ...options });
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });

test("a list comes with its reasons", async () => {
  const urls = [];
  const client = aClient(async (url) => (urls.push(url), json({ list_id: "L1", items: [{ product_id: "longjing", explanation: "你看过" }] })));

  const answer = await client.recommend({ visitorId: "v1", k: 1 });

  assert.deepEqual(answer.items.map((item) => item.explanation), ["你看过"]);
  assert.deepEqual(urls, ["https://shop.example/v1/teahouse/recommendations?visitor_id=v1&k=1&surface=home&language=zh"]);
});

test("a late answer gives the fallback", async () => {
  const never = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const alive = setTimeout(() => {}, 5000); // AbortSignal.timeout alone does not keep node running
  const answer = await aClient(never, { readLimitMs: 20 }).recommend({ visitorId: "v1", fallback: ["a", "b"] });
  clearTimeout(alive);

  assert.deepEqual(answer, { items: [{ product_id: "a" }, { product_id: "b" }], is_fallback: true });
});

test("a broken answer gives the fallback", async () => {
  const answer = await aClient(async () => json({ title: "down" }, 503)).similar("longjing", { fallback: ["a"] });

  assert.equal(answer.is_fallback, true);
});

test("a write is tried again under the same key", async () => {
  const keys = [];
  const client = aClient(async (_, { headers }) => {
    keys.push(headers["idempotency-key"]);
    if (keys.length === 1) throw new TypeError("refused");
    return json({ accepted: 1, duplicates: 0, refused: [] });
  });

  const receipt = await client.send([{ id: "e1", name: "view_item", visitor_id: "v1", product_id: "longjing" }]);

  assert.equal(receipt.accepted, 1);
  assert.equal(new Set(keys).size, 1);
});

test("a refusal says what to do", async () => {
  const problem = { title: "Not found", status: 404, detail: "No product has the id 'longjin'.", hint: "Did you mean 'longjing'?" };
  const client = aClient(async () => json(problem, 404));

  await assert.rejects(client.showLess({ productId: "longjin", visitorId: "v1" }), (error) =>
    error instanceof ServerError && error.message === "No product has the id 'longjin'. Did you mean 'longjing'?");
});

test("chips that were not chosen are left to the server", async () => {
  const bodies = [];
  const client = aClient(async (_, { body }) => (bodies.push(JSON.parse(body)), json({ id: "P1" })));

  await client.showLess({ productId: "longjing", visitorId: "v1" });
  await client.showLess({ productId: "longjing", visitorId: "v1", chips: [] });

  assert.deepEqual(bodies, [{ product_id: "longjing", visitor_id: "v1" }, { product_id: "longjing", chips: [], visitor_id: "v1" }]);
});
