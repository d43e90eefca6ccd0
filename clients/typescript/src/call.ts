import createClient, {
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  type QuerySerializerOptions,
} from "openapi-fetch";

import { problemError } from "./problem.js";

/** How an operation is called; what is not said is JSON. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** What the body is sent as. */
  readonly sends?: "form";
  /** What the answer is read as. */
  readonly gives?: "blob" | "text";
  /** Whether it takes no user's token. */
  readonly isPublic?: true;
}

/** Where the server is, and what goes along with every request. */
export interface Connection {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that say who asks, as they are at this moment. */
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** What an operation was answered with, and the response that brought it, whose body is read. */
export interface Answer<Data> {
  readonly data: Data;
  readonly response: Response;
}

/** The promise of an operation's data. */
export interface Pending<Data> extends Promise<Data> {
  /** The data with the response, for its status and its headers. */
  withResponse(): Promise<Answer<Data>>;
}

/** What a caller gives: the parameters of path and query by their names, and what belongs to every call. */
export interface Given {
  readonly [parameter: string]: unknown;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
}

/** Lists are written with commas. */
const QUERY: QuerySerializerOptions = { array: { style: "form", explode: false } };

export type Send = (call: Call, given?: Given) => Pending<unknown>;

/** A function that carries out operations over a connection. */
export function caller({ url, headers, identity, fetch }: Connection): Send {
  const client = createClient<Record<string, never>>({ baseUrl: url, headers, fetch, querySerializer: QUERY });

  async function send(call: Call, given: Given): Promise<Answer<unknown>> {
    const shown = call.isPublic ? {} : await identity();
    const { data, error, response } = await client.request(
      call.method.toLowerCase() as never,
      call.path as never,
      request(call, { ...given, headers: { ...shown, ...given.headers } }) as never,
    );
    if (!response.ok) throw problemError(response, error);
    return { data, response };
  }

  return (call, given = {}) => pending(send(call, given));
}

/** The address of an operation with its parameters. */
export function addressOf({ url }: Connection, call: Call, parameters: Given): string {
  return createFinalURL(call.path, {
    baseUrl: url,
    params: placed(call, parameters),
    querySerializer: createQuerySerializer(QUERY),
    pathSerializer: defaultPathSerializer,
  });
}

function request(call: Call, { body, headers, signal, ...parameters }: Given): object {
  return {
    params: placed(call, parameters),
    headers: { ...(!call.gives && { Accept: "application/json" }), ...headers },
    parseAs: call.gives ?? "json",
    ...(call.sends === "form" && { bodySerializer: toForm }),
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  };
}

/** Each parameter in its place, path or query. */
function placed(call: Call, parameters: Given): { path: Record<string, unknown>; query: Record<string, unknown> } {
  const isInPath = ([name]: [string, unknown]) => call.path.includes(`{${name}}`);
  const all = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return {
    path: Object.fromEntries(all.filter(isInPath)),
    query: Object.fromEntries(all.filter((entry) => !isInPath(entry))),
  };
}

/** A form; a member that is a list comes once for each of its items. */
function toForm(body: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  for (const [name, held] of Object.entries(body))
    for (const value of Array.isArray(held) ? held : [held])
      form.append(name, value instanceof Blob ? value : String(value));
  return form;
}

function pending<Data>(answer: Promise<Answer<Data>>): Pending<Data> {
  const data = answer.then((answer) => answer.data);
  function withResponse(): Promise<Answer<Data>> {
    data.catch(() => undefined); // Whoever takes the answer is told of its failure there.
    return answer;
  }
  return Object.assign(data, { withResponse });
}
