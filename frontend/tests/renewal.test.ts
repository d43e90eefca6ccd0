import { beforeEach, expect, test, vi } from "vitest";

class Store {
  private readonly held = new Map<string, string>();
  getItem = (name: string) => this.held.get(name) ?? null;
  setItem = (name: string, text: string) => void this.held.set(name, text);
  removeItem = (name: string) => void this.held.delete(name);
}

vi.stubGlobal("location", new URL("http://localhost:8000/s/mine/"));
vi.stubGlobal("sessionStorage", new Store());

const { renewing } = await import("../src/api/renewal.ts");
const { setSession } = await import("../src/api/session.ts");

type Session = NonNullable<Parameters<typeof setSession>[0]>;

const REFUSED = { status: 401, headers: { "Content-Type": "application/problem+json" } };

function sessionOf(name: string, token = `token-of-${name}`): Session {
  const user = { id: `us_${name}`, username: name } as Session["user"];
  return { access_token: token, refresh_token: `refresh-of-${name}`, user } as Session;
}

function write(token: string): Request {
  const headers = { Authorization: `Bearer ${token}` };
  return new Request("http://localhost:8000/s/mine/api/workflows", { method: "POST", headers, body: "{}" });
}

beforeEach(() => setSession(sessionOf("alice")));

test.for(["token_expired", "bad_token"])("what one user has sent is not sent again as another: %s", async (code) => {
  const shown: (string | null)[] = [];
  const send = renewing((request) => {
    shown.push(request.headers.get("Authorization"));
    setSession(sessionOf("bob"));
    return Promise.resolve(new Response(JSON.stringify({ code }), REFUSED));
  });
  expect((await send(write("token-of-alice"))).status).toBe(401);
  expect(shown).toEqual(["Bearer token-of-alice"]);
});

test("what a user has sent is sent again with tokens that came meanwhile", async () => {
  const shown: (string | null)[] = [];
  const send = renewing((request) => {
    shown.push(request.headers.get("Authorization"));
    if (shown.length > 1) return Promise.resolve(new Response("{}"));
    setSession(sessionOf("alice", "newer"));
    return Promise.resolve(new Response(JSON.stringify({ code: "token_expired" }), REFUSED));
  });
  expect((await send(write("token-of-alice"))).status).toBe(200);
  expect(shown).toEqual(["Bearer token-of-alice", "Bearer newer"]);
});
