"""Ledger, models, settings, users, keys and account: who may, what is said, and what hostile input does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.console.keys import SCOPE_WORDS
from zhanggui.app.console.settings import HELP
from zhanggui.app.reference import import_everything
from zhanggui.app.site import create_app
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner
from zhanggui.kernel.settings import Settings, ShopSettings, all_settings, held_settings
from zhanggui.kernel.words import words
from zhanggui.recommend.jobs.training import handlers
from zhanggui.trust import CreateKey
from zhanggui.trust.tables.ledger import ledger_payloads
from zhanggui.trust.types.scopes import ROLES, SCOPES, holds

PASSWORD = "correct horse battery staple"
OPEN = {"/console", "/login", "/login/link/{token}", "/logout"}
"""What is reached without a role: the way in, the way out, and the choice of a shop."""
UNSEEN = re.compile(
    r"(\w+\.)?error|server\..*|settings\..*|words\..*|vectors\..*|app\.mcp_missing|"
    r"http\.(bad_idempotency_key|idempotency_key_reused|still_running|too_deep)"
)
"""Codes that no page can meet: roots, the start of a server, the API's own."""


@dataclass(frozen=True)
class House:
    """An installation, its app, and a way to come in."""

    settings: Settings
    app: Any

    def client(self, role: str = "", *, shop: str = SHOP) -> TestClient[Any]:
        """A browser, logged in as somebody of that role."""
        client: TestClient[Any] = TestClient(self.app, base_url="http://testserver.local")
        client.headers["accept-language"] = "en"
        if role:
            with open_control(self.settings) as control:
                if role not in {user.account for user in control.users.list()}:
                    control.users.add(role, roles={shop: role})
                token = control.users.login_link(role)
            assert client.post(f"/login/link/{token}", follow_redirects=False).status_code == 303
        return client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = an_installation(tmp_path_factory.mktemp("house"))
    with open_control(settings) as control:
        control.users.add("keeper", roles={"*": "owner"})
    app = create_app(settings)
    with TestClient(app):
        yield House(settings, app)


def csrf(client: TestClient[Any], path: str = f"/console/{SHOP}/account") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def send(client: TestClient[Any], path: str, **fields: Any) -> Any:
    return client.post(f"/console/{SHOP}{path}", data={"csrf": csrf(client), **fields}, follow_redirects=False)


def console_routes(app: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, opt) of every route of the console."""
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path_format.startswith(("/console", "/login", "/logout")):
                methods = handler.http_methods - {"HEAD", "OPTIONS"}
                found += [(method, route.path_format, handler.opt) for method in methods]
    return sorted(found, key=lambda one: one[:2])


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path.replace("{shop}", SHOP))


def test_no_route_of_the_console_is_open_but_the_way_in(house: House) -> None:
    open_ones = {path for _, path, opt in console_routes(house.app) if "scope" not in opt}
    without_form = [
        path
        for method, path, opt in console_routes(house.app)
        if method != "GET" and "scope" in opt and not opt.get("has_form")
    ]

    assert open_ones == OPEN
    assert without_form == []


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_reaches_what_its_scopes_say_and_nothing_is_changed_without_a_token(house: House, role: str) -> None:
    client = house.client(role)

    for method, path, opt in console_routes(house.app):
        if "scope" not in opt:
            continue
        answer = client.request(method, filled(path), follow_redirects=False)
        seen = f"{role or 'nobody'} {method} {path} → {answer.status_code}"
        if not role and method == "GET":  # many in a row are told to wait
            assert answer.status_code == 429 or answer.headers["location"].startswith("/login?next="), seen
        elif not role:
            assert answer.status_code in (401, 429), seen
        elif not holds(ROLES[role], opt["scope"]):
            assert (answer.status_code, "trust.out_of_scope" in answer.text) == (403, True), seen
        elif method == "GET":
            assert answer.status_code < 500, seen
            assert answer.status_code not in (401, 403), seen
        else:
            assert (answer.status_code, "trust.bad_csrf" in answer.text) == (403, True), seen


@pytest.mark.parametrize("role", list(ROLES))
def test_the_console_begins_where_a_role_may_be(house: House, role: str) -> None:
    client = house.client(role)

    assert client.get("/console").status_code == 200


def test_every_error_that_a_page_can_meet_is_said_in_both_languages() -> None:
    import_everything()
    codes = {kind.code for kind in _all(ZhangguiError) if kind.__module__.startswith("zhanggui")}
    wanted = {code for code in codes if not UNSEEN.fullmatch(code)}

    for language in ("zh", "en"):
        unsaid = [code for code in sorted(wanted) if words(language).pgettext("error", code) == code]
        assert unsaid == [], language


def _all(kind: type[ZhangguiError]) -> Iterator[type[ZhangguiError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _all(child)


def test_a_wrong_password_does_not_say_which_was_wrong_and_too_many_say_how_long_to_wait(house: House) -> None:
    with open_control(house.settings) as control:
        control.users.add("known", password=PASSWORD)
    client = house.client()
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert token is not None
    wrong = {"csrf": token[1], "password": "wrong wrong wrong"}

    known = client.post("/login", data={**wrong, "account": "known"})
    unknown = client.post("/login", data={**wrong, "account": "nobody"})
    for _ in range(8):
        last = client.post("/login", data={**wrong, "account": "nobody"})

    assert (known.status_code, unknown.status_code, last.status_code) == (401, 401, 429)
    assert known.text.replace("known", "") == unknown.text.replace("nobody", "")
    assert re.search(r"Try again in \d+ seconds\.", last.text)


def test_a_login_leads_to_no_other_host(house: House) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        page = house.client().get("/login", params={"next": target}).text
        assert 'name="next" value="/console"' in page


def test_a_link_that_lets_nobody_in_says_so_before_it_is_pressed_and_a_good_one_stays_good(house: House) -> None:
    with open_control(house.settings) as control:
        control.users.add("linked", roles={SHOP: "analyst"})
        good = "/login/link/" + control.users.login_link("linked")
    client = house.client()

    looked = [client.get(good) for _ in range(2)]
    unknown = client.get("/login/link/nonsense")
    entered = client.post(good, follow_redirects=False)
    used = client.get(good)

    assert [page.status_code for page in looked] == [200, 200]
    assert entered.status_code == 303
    for page in (unknown, used):
        assert page.status_code == 401
        assert "used already or is too old" in page.text
        assert "Enter the console" not in page.text


class TestLedger:
    def test_an_entry_says_who_did_what_and_where_it_stands(self, house: House) -> None:
        client = house.client("owner")
        send(client, "/keys", name="<script>till", kind="service", scopes="shop:read")

        page = client.get(f"/console/{SHOP}/ledger", params={"kind": "access.key_made"}).text
        seq = re.findall(rf"/console/{SHOP}/ledger/(\d+)", page)[0]
        entry = client.get(f"/console/{SHOP}/ledger/{seq}").text

        assert "API key made" in page
        assert "&lt;script&gt;till" in page
        assert "<script>till" not in page
        assert "owner" in page
        assert "Fits" in entry

    def test_what_is_asked_narrows_the_entries(self, house: House) -> None:
        client = house.client("owner")
        send(client, "/keys", name="till", kind="service", scopes="shop:read")

        def rows(**query: str) -> int:
            text = client.get(f"/console/{SHOP}/ledger.csv", params=query).text
            return text.count("\r\n") - 1

        assert rows() > 0
        assert rows(day="1999-01-01") == rows(actor="user:nobody") == rows(kind="no.such") == 0
        assert rows(order="oldest") == rows()

    def test_two_keys_of_one_name_are_one_choice_that_finds_both(self, house: House) -> None:
        client = house.client("owner")
        for scope in ("shop:read", "trust:read"):
            send(client, "/keys", name="kiosk", kind="service", scopes=scope)
        with open_control(house.settings) as control, open_rooms(SHOP, house.settings) as rooms:
            keys = [key for key in control.keys.list(SHOP) if key.name == "kiosk"]
            for key in keys:
                rooms.db.write(lambda db, key=key: rooms.ledger.append(db, "autonomy.paused", {}, f"key:{key.id}"))

        choices = re.findall(r'<option value="([^"]*)" [^>]*>kiosk<', client.get(f"/console/{SHOP}/ledger").text)
        found = client.get(f"/console/{SHOP}/ledger.csv", params={"actor": "kiosk", "kind": "autonomy.paused"}).text
        chosen = client.get(f"/console/{SHOP}/ledger", params={"actor": f"key:{keys[-1].id}"}).text

        assert (choices, found.count(",kiosk,")) == (["kiosk"], 2)
        assert '<option value="kiosk" selected>' in chosen

    @pytest.mark.parametrize(
        "query",
        [
            {"day": "9999-12-31"},
            {"day": "x"},
            {"beyond": "-1"},
            {"beyond": "9" * 40},
            {"beyond": "١"},
            {"subject": "'\" OR 1=1 --"},
            {"actor": "\u0000"},
            {"kind": "<b>"},
            {"order": "sideways"},
        ],
        ids=str,
    )
    def test_hostile_questions_are_answered(self, house: House, query: dict[str, str]) -> None:
        assert house.client("auditor").get(f"/console/{SHOP}/ledger", params=query).status_code in (200, 400, 422)

    def test_verifying_says_intact_and_what_it_cannot_see(self, house: House) -> None:
        client = house.client("owner")
        send(client, "/keys", name="till", kind="service", scopes="shop:read")

        text = send(client, "/ledger/verify").text

        assert "are as they were written" in text
        assert "Without an anchor kept elsewhere" in text
        assert text.rstrip().endswith("</html>")

    def test_an_anchor_is_downloaded_and_held_against_the_ledger(self, house: House) -> None:
        client = house.client("owner")
        send(client, "/keys", name="till", kind="service", scopes="shop:read")

        anchor = send(client, "/ledger/anchor")
        token = csrf(client)
        path = f"/console/{SHOP}/ledger/verify"
        good = client.post(path, data={"csrf": token}, files={"anchor": ("a.json", anchor.content)})
        bad = client.post(path, data={"csrf": token}, files={"anchor": ("a.json", b"\xff{}")})
        other = json.dumps({**json.loads(anchor.content), "shop": "elsewhere"}).encode()
        foreign = client.post(path, data={"csrf": token}, files={"anchor": ("a.json", other)})

        assert "attachment" in anchor.headers["content-disposition"]
        assert "held against entry" in good.text
        assert (bad.status_code, foreign.status_code) == (422, 422)
        assert "no anchor of this shop" in bad.text

    def test_an_edited_entry_is_named_with_its_place(self, tmp_path: Path) -> None:
        settings = an_installation(tmp_path)
        with open_rooms(SHOP, settings) as rooms:
            for n in range(5):
                rooms.db.write(lambda db, n=n: rooms.ledger.append(db, "proposal.approved", {"id": str(n)}, "user:u"))
            third = sa.update(ledger_payloads).where(ledger_payloads.c.seq == 3)
            rooms.db.write(lambda db: db.execute(third.values(payload=b'{"actor":"user:x","payload":{}}')))
        app = create_app(settings)
        with TestClient(app):
            client = House(settings, app).client("auditor")
            text = send(client, "/ledger/verify").text
            entry = client.get(f"/console/{SHOP}/ledger/3").text

        assert "1 place is not as it was written" in text
        assert re.search(r"Entry 3</b><p>What the entry says was edited\.", text)
        assert "Does not fit" in entry


class TestUsers:
    def test_a_new_user_gets_a_whole_link_once_that_lets_in(self, house: House) -> None:
        client = house.client("owner")

        page = send(client, "/users", account="Wang@Tea.cn", role="operator").text
        link = re.search(r"http://testserver\.local(/login/link/[\w-]+)", page)
        assert link is not None, re.findall(r"\S*login/link\S*|role=.alert.*", page)
        entered = house.client().post(link[1], follow_redirects=False)

        assert entered.status_code == 303
        assert link[1] not in client.get(f"/console/{SHOP}/users").text
        assert "wang@tea.cn" in client.get(f"/console/{SHOP}/ledger", params={"kind": "access.user_added"}).text

    def test_nobody_takes_the_last_owner_away(self, tmp_path: Path) -> None:
        settings = an_installation(tmp_path)
        app = create_app(settings)
        with TestClient(app):
            client = House(settings, app).client("owner")
            user = re.search(r'id="user-(\w+)"', client.get(f"/console/{SHOP}/users").text)
            assert user is not None
            removed = send(client, f"/users/{user[1]}/role", role="")
            changed = send(client, f"/users/{user[1]}/role", role="agent")
            disabled = send(client, f"/users/{user[1]}/disable")

        for answer in (removed, changed, disabled):
            assert answer.status_code == 422
            assert "This is the last owner" in answer.text

    def test_an_owner_of_one_shop_makes_no_link_for_an_owner_of_all(self, house: House) -> None:
        client = house.client("owner")
        with open_control(house.settings) as control:
            keeper = control.users.by_account("keeper")

        answer = send(client, f"/users/{keeper.id}/link")

        assert answer.status_code == 422
        assert "/login/link/" not in answer.text

    @pytest.mark.parametrize(
        "fields", [{"account": "", "role": "agent"}, {"account": "x", "role": "king"}, {}], ids=str
    )
    def test_what_does_not_fit_is_said_beside_the_form(self, house: House, fields: dict[str, str]) -> None:
        answer = send(house.client("owner"), "/users", **fields)

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


class TestKeys:
    def test_a_secret_is_shown_once_and_comes_in(self, house: House) -> None:
        client = house.client("owner")

        page = send(client, "/keys", name="till", kind="service", scopes="shop:read").text
        secret = re.search(r"zg_sk_[\w-]+", page)
        assert secret is not None
        listed = client.get(f"/console/{SHOP}/keys").text
        came = TestClient(house.app).get(f"/v1/{SHOP}/products", headers={"authorization": f"Bearer {secret[0]}"})

        assert secret[0] not in listed
        assert came.status_code == 200

    def test_a_key_is_replaced_and_revoked(self, house: House) -> None:
        client = house.client("owner")
        with open_control(house.settings) as control:
            key = control.keys.create(SHOP, CreateKey(name="old", scopes=("shop:read",))).key

        rotated = send(client, f"/keys/{key.id}/rotate", overlap="0")
        revoked = send(client, f"/keys/{key.id}/revoke")

        assert "zg_sk_" in rotated.text
        assert revoked.headers["location"] == f"/console/{SHOP}/keys?done=revoked"
        ledger = client.get(f"/console/{SHOP}/ledger.csv").text
        assert "access.key_rotated" in ledger
        assert "access.key_revoked" in ledger

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": "", "kind": "service", "scopes": "shop:read"},
            {"name": "x", "kind": "service"},
            {"name": "x", "kind": "service", "scopes": "no:such"},
            {"name": "x", "kind": "publishable"},
            {"name": "x", "kind": "publishable", "origins": "javascript:alert(1)"},
            {"name": "x", "kind": "service", "scopes": "shop:read", "expires": "1999-01-01"},
            {"name": "x", "kind": "service", "scopes": "shop:read", "expires": "9999-12-31"},
            {"name": "x", "kind": "service", "scopes": "shop:read", "expires": "tomorrow"},
            {"name": "x" * 200, "kind": "service", "scopes": "shop:read"},
        ],
        ids=str,
    )
    def test_what_is_no_key_is_refused_beside_the_form(self, house: House, fields: dict[str, str]) -> None:
        answer = send(house.client("owner"), "/keys", **fields)

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert not re.search(r"zg_[sp]k_", answer.text)

    def test_a_key_for_pages_lists_them(self, house: House) -> None:
        page = send(house.client("owner"), "/keys", name="page", kind="publishable", origins="https://tea.example")

        assert re.search(r"zg_pk_[\w-]+", page.text)
        assert "https://tea.example" in page.text


class TestAccount:
    def test_a_password_is_set_then_changed_and_only_this_browser_stays_in(self, house: House) -> None:
        here, elsewhere = house.client("analyst"), house.client("analyst")

        unlike = send(here, "/account/password", password=PASSWORD, again="other")
        weak = send(here, "/account/password", password="short", again="short")
        first = send(here, "/account/password", password=PASSWORD, again=PASSWORD)
        wrong = send(here, "/account/password", current="wrong", password=PASSWORD + "!", again=PASSWORD + "!")
        second = send(here, "/account/password", current=PASSWORD, password=PASSWORD + "!", again=PASSWORD + "!")

        assert [answer.status_code for answer in (unlike, weak, first, wrong, second)] == [422, 422, 303, 422, 303]
        assert here.get(f"/console/{SHOP}/account").status_code == 200
        assert elsewhere.get(f"/console/{SHOP}/account", follow_redirects=False).status_code == 303

    def test_other_sessions_are_ended(self, house: House) -> None:
        here, elsewhere = house.client("auditor"), house.client("auditor")

        send(here, "/account/sessions")

        assert here.get(f"/console/{SHOP}/account", follow_redirects=False).status_code == 200
        assert elsewhere.get(f"/console/{SHOP}/account", follow_redirects=False).status_code == 303

    def test_a_logout_ends_the_session(self, house: House) -> None:
        client = house.client("agent")

        client.post("/logout", data={"csrf": csrf(client)})

        assert client.get(f"/console/{SHOP}/account", follow_redirects=False).status_code == 303


class TestSettings:
    def test_the_help_of_every_setting_is_in_the_catalogues(self) -> None:
        assert {setting.help for setting in all_settings()} - set(HELP) == set()

    def test_every_scope_of_a_server_key_is_said_in_words(self) -> None:
        unsaid = {scope for scope in SCOPES if not scope.startswith(("users:", "account:"))} - set(SCOPE_WORDS)
        assert unsaid == set()

    def test_a_setting_says_where_it_comes_from_and_hides_passwords(self, tmp_path: Path) -> None:
        file = tmp_path / "zhanggui.toml"
        file.write_text('[shop]\ntitle = "茶"\n', encoding="utf-8")
        shop = ShopSettings(title="茶")
        settings = Settings(home=tmp_path, database="postgresql://zg:secret@db/zg", shop=shop)

        held = {one.setting.path: one for one in held_settings(settings, file)}

        assert (held["shop.title"].source, held["shop.title"].line) == ("file", 'title = "茶"')
        assert (held["database"].source, held["database"].value) == ("variable", "postgresql://zg:…@db/zg")
        assert held["server.workers"].source == "default"

    def test_the_page_names_the_file_and_the_line(self, house: House) -> None:
        page = house.client("owner").get(f"/console/{SHOP}/settings").text

        assert "zhanggui.toml" in page
        assert "workers = 2" in page


class TestModels:
    def test_an_operator_asks_for_a_training_once(self, house: House) -> None:
        client = house.client("operator")

        empty = client.get(f"/console/{SHOP}/models").text
        send(client, "/models/train")
        send(client, "/models/train")
        page = client.get(f"/console/{SHOP}/models").text

        assert "No model has been trained yet" in empty
        assert "Training waits for its turn" in page
        assert 'hx-trigger="every 3s"' in page
        with open_rooms(SHOP, house.settings) as rooms, rooms.db.read() as db:
            assert db.execute(sa.text("SELECT count(*) FROM jobs WHERE kind = 'recommend.train'")).scalar() == 1

    def test_an_operator_calls_a_training_off(self, house: House) -> None:
        client = house.client("operator")
        send(client, "/models/train")
        page = client.get(f"/console/{SHOP}/models").text
        path = re.search(r'action="/console/[^/]+(/models/trainings/[^"]+/cancel)"', page)
        assert path is not None

        off = client.get(send(client, path[1]).headers["location"]).text
        again = send(client, path[1])

        assert "The training was called off." in off
        assert "Training waits" not in off
        assert again.headers["location"] == f"/console/{SHOP}/models"
        assert send(house.client("analyst"), path[1]).status_code == 403

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "came to nothing: 0 events with products; training needs 50. Until then the shop"),
            ("zh", "上一次要求的训练没有结果：只有 0 条带商品的行为事件，训练至少要 50 条。"),
        ],
    )
    def test_a_training_that_came_to_nothing_says_so(self, house: House, language: str, words: str) -> None:
        client = house.client("operator")
        client.headers["accept-language"] = language
        send(client, "/models/train")
        with open_rooms(SHOP, house.settings) as rooms:
            unused: Any = None
            JobRunner(rooms.db, handlers(rooms.recommend.trainer, unused), rooms.clock, "w1").drain()

        assert words in client.get(f"/console/{SHOP}/models").text
        send(client, "/models/train")
        assert words not in client.get(f"/console/{SHOP}/models").text

    def test_an_analyst_sees_the_models_and_trains_none(self, house: House) -> None:
        client = house.client("analyst")

        assert "/models/train" not in client.get(f"/console/{SHOP}/models").text
        assert send(client, "/models/train").status_code == 403

    def test_an_unknown_model_is_said_so(self, house: House) -> None:
        answer = house.client("analyst").get(f"/console/{SHOP}/models/nope")

        assert answer.status_code == 404
        assert "There is no such model" in answer.text
