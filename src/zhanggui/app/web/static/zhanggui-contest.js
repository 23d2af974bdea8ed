/* Zhanggui widgets: to contest a pick, and to read what a person answered (PIPL art. 24). Loaded with the first reason. Apache-2.0.
 *
 * The token of a contest stays in this browser: with it, and nothing else, the answer can be read.
 */
const WORDS = {
  zh: { contest: "提出申诉", say: "说说你的意见，会有人来看", send: "提交", failed: "没能做成，请再试一次", open: "会有人来看，{day}前答复",
    overdue: "店家答复已超期", changed: "店家已改正：", upheld: "店家维持原来的决定：", explained: "店家的说明：" },
  en: { contest: "Contest this", say: "What do you say to it? A person will look.", send: "Send", failed: "That did not work. Please try again.",
    open: "A person looks at it and answers by {day}", overdue: "The shop is late with its answer", changed: "The shop has changed it: ",
    upheld: "The shop stands by it: ", explained: "The shop explains it: " },
};

function tokens(shop, put) {
  const place = `zhanggui-contests:${shop}`;
  try {
    const held = JSON.parse(localStorage.getItem(place)) || {};
    if (put) localStorage.setItem(place, JSON.stringify(Object.assign(held, put)));
    return held;
  } catch { return {}; } // a browser that keeps nothing
}

const made = (tag, part, text = "") => {
  const element = document.createElement(tag);
  element.setAttribute("part", part);
  element.textContent = text;
  return element;
};

/* Fills a place in the panel of a reason: what became of an earlier contest, and a way to bring one where none is open. */
export function offer(place, { language, base, shop, key, item, list_id }) {
  const words = WORDS[language];
  const state = made("p", "state"), button = made("button", "button send", words.contest), text = made("textarea", "words");
  state.setAttribute("role", "status");
  button.type = "button";
  Object.assign(text, { maxLength: 2000, rows: 3, hidden: true, ariaLabel: words.say });
  const post = async (path, body) => {
    const reply = await fetch(`${base}/v1/${encodeURIComponent(shop)}/contests${path}`, { method: "POST", body: JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-zhanggui-visitor": window.zhanggui.visitor } });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json();
  };
  const tell = ({ state: at, due_at, answer }) => {
    state.textContent = answer ? words[answer.outcome] + answer.words : words[at].replace("{day}", new Date(due_at).toLocaleDateString(language));
    button.hidden = !answer;
  };
  button.onclick = async () => {
    if (text.hidden || !text.value.trim()) {
      Object.assign(state, { textContent: words.say });
      Object.assign(button, { textContent: words.send });
      text.hidden = false;
      text.focus();
      return;
    }
    button.disabled = true;
    try {
      const held = await post("", { decision: "recommendation", about: item.product_id, list_id, shown: item.explanation.slice(0, 1000),
        words: text.value, visitor_id: window.zhanggui.visitor });
      tokens(shop, { [item.product_id]: { id: held.id, token: held.token } });
      text.hidden = true;
      text.value = "";
      button.textContent = words.contest;
      tell(held);
    } catch { state.textContent = words.failed; }
    button.disabled = false;
  };
  place.replaceChildren(state, text, button);
  const held = tokens(shop)[item.product_id];
  if (held) post(`/${held.id}/look`, { token: held.token }).then(tell, () => {});
}
