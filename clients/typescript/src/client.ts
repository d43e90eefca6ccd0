import { addressOf, caller, type Connection, type Given, type Pending, type Send } from "./call.js";
import { type EventsOptions, followEvents, type StreamedEvent } from "./events.js";
import { type Embedded, type Operations, OPERATIONS } from "./operations.js";
import type { operations, ReactFlow, Workflow } from "./schema.js";

/** The name of an operation, as the contract has it: `createWorkflow`, `pauseExecution`, … */
export type OperationId = keyof operations;

/** Where to find Understudy. */
export interface UnderstudyOptions {
  /** The address of the server, such as `http://localhost:8000`, or of a sandbox; "" is the page's own server. */
  readonly baseUrl: string;
  /** The sandbox, if the address does not say it. */
  readonly sandbox?: string;
  /** The access token of a user, or what gives it: asked before each request and each connection of a stream. */
  readonly token?: Token | (() => Token | Promise<Token>);
  /** The API key of a user. */
  readonly apiKey?: string;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What sends the requests; the platform's own `fetch` if none is given. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** An access token; nothing while nobody has logged in. */
export type Token = string | undefined;

/** What an operation takes: the parameters of path and query side by side, `body`, `headers` and `signal`. */
export type Arguments<Id extends OperationId> = Simple<
  ParametersIn<Id, "path"> & OneOrSeveral<ParametersIn<Id, "query">> & Body<operations[Id]> & Common<Id>
>;

/** What an operation gives. */
export type Data<Id extends OperationId> = Contents<Successes<operations[Id]["responses"]>>;

/** An operation as a method. */
export type Method<Id extends OperationId> = Id extends "getWorkflow"
  ? GetWorkflow
  : {} extends Arguments<Id>
    ? (given?: Arguments<Id>) => Pending<Data<Id>>
    : (given: Arguments<Id>) => Pending<Data<Id>>;

/** The shape of the answer is that which was asked for. */
export interface GetWorkflow {
  (given: Arguments<"getWorkflow"> & { readonly shape: "reactflow" }): Pending<ReactFlow>;
  (given: Omit<Arguments<"getWorkflow">, "shape"> & { readonly shape?: never }): Pending<Workflow>;
}

/** One method for each operation of the contract, and the events. */
export interface Understudy extends Operations {
  /** The address of the sandbox; its API for other clients is at `/api` below it. */
  readonly url: string;
  /** The events of an execution, of a workflow, or of the whole sandbox, as they happen.
   *
   * A connection that was lost is made again, and goes on behind the last event. It ends with an execution's last
   * event, with its workflow, or with the signal.
   *
   * @throws {@link ProblemError} if the server refuses, and what `fetch` throws if it cannot be reached at first.
   */
  events(options?: EventsOptions): AsyncGenerator<StreamedEvent, void, undefined>;
  /** An address for an `<img>`, an `EventSource` or a `WebSocket`, which cannot send a header.
   *
   * Of a user's client, it has a token that is good for a minute.
   */
  address<Id extends Embedded>(id: Id, ...given: Placed<Id>): Promise<string>;
}

/** What stands in the address of an operation. */
export type Placed<Id extends OperationId> =
  {} extends Omit<Arguments<Id>, keyof Common<Id> | "body">
    ? [given?: Omit<Arguments<Id>, keyof Common<Id> | "body">]
    : [given: Omit<Arguments<Id>, keyof Common<Id> | "body">];

/** A client of Understudy. */
export function createUnderstudy(options: UnderstudyOptions): Understudy {
  const connection = connect(options);
  const send = caller(connection);
  const methods = Object.entries(OPERATIONS).map(([id, call]) => [id, send.bind(undefined, call)] as const);
  const events = (options: EventsOptions = {}) => followEvents(connection, options);
  const address = (id: Embedded, given: Given = {}) => embed(connection, send, id, given);
  return { ...Object.fromEntries(methods), url: connection.url, events, address } as unknown as Understudy;
}

function connect({ baseUrl, sandbox, token, apiKey, headers = {}, fetch }: UnderstudyOptions): Connection {
  const url = baseUrl.replace(/\/+$/, "") + (sandbox === undefined ? "" : `/s/${encodeURIComponent(sandbox)}`);
  const identity = () => identify(token, apiKey);
  return { url, headers, identity, fetch: keeping(fetch ?? ((request) => globalThis.fetch(request))) };
}

/** The headers that say who asks. */
async function identify(
  token: UnderstudyOptions["token"],
  apiKey: string | undefined,
): Promise<Record<string, string>> {
  const shown = typeof token === "function" ? await token() : token;
  return { ...(shown && { Authorization: `Bearer ${shown}` }), ...(apiKey && { "X-API-Key": apiKey }) };
}

async function embed(connection: Connection, send: Send, id: Embedded, given: Given): Promise<string> {
  const address = (shown: Given) => addressOf(connection, OPERATIONS[id], { ...given, ...shown });
  if (!Object.keys(await connection.identity()).length) return address({});
  const { access_token } = (await send(OPERATIONS.createUrlToken)) as Data<"createUrlToken">;
  return address({ access_token });
}

/** A fetch whose requests live as long as the bodies of their responses.
 *
 * Node drops a request once the headers of its response are there. Its signal goes with it, at the next collection of
 * garbage, and the body that is being read then cannot be aborted any more.
 */
function keeping(fetch: Connection["fetch"]): Connection["fetch"] {
  const requests = new WeakMap<ReadableStream, Request>();
  return async (request) => {
    const response = await fetch(request);
    if (response.body) requests.set(response.body, request);
    return response;
  };
}

type Simple<T> = { [Name in keyof T]: T[Name] };

type OrNothing<T> = [T] extends [never] ? {} : T;

/** The parameters of one place, such as `query`; nothing where there are none. */
type ParametersIn<Id extends OperationId, Place extends string> = operations[Id] extends {
  parameters: { [Name in Place]?: infer Held };
}
  ? OrNothing<NonNullable<Held>>
  : {};

/** One of several values need not be written as a list. */
type OneOrSeveral<Values> = {
  [Name in keyof Values]: Values[Name] extends readonly (infer One)[] | undefined ? readonly One[] | One : Values[Name];
};

type Common<Id extends OperationId> = {
  headers?: ParametersIn<Id, "header"> & { readonly [name: string]: string | number | undefined };
  signal?: AbortSignal;
};

type Body<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? { body: BodyIn<Content> }
  : Operation extends { requestBody?: { content: infer Content } }
    ? { body?: BodyIn<Content> }
    : {};

type BodyIn<Content> = Content extends { "multipart/form-data": infer Form }
  ? OneOrSeveral<Form>
  : Sent<Content[keyof Content]>;

/** What is undefined is not sent, so it may be there where a member may be missing; in a list, nothing may be. */
type Sent<T> = T extends readonly (infer One)[]
  ? readonly Sent<One>[]
  : T extends object
    ? { [Name in keyof T]: {} extends Pick<T, Name> ? Sent<T[Name]> | undefined : Sent<T[Name]> }
    : T;

type Successes<Responses> = Responses[keyof Responses & (200 | 201 | 202 | 203 | 206)];

/** JSON as its type; other text as a string, other bytes as a `Blob`. */
type Contents<Response> = OrUndefined<
  Response extends { content: infer Content }
    ? HasJson<Content> extends true
      ? Content[JsonOf<Content>]
      : Content[keyof Content]
    : never
>;

type JsonOf<Content> = keyof Content & `${string}json`;
type HasJson<Content> = [JsonOf<Content>] extends [never] ? false : true;
type OrUndefined<T> = [T] extends [never] ? undefined : T;
