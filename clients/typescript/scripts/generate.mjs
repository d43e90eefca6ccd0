// Writes src/schema.ts and src/operations.ts from the contract; with --check, fails if they are stale.
import { readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";
import prettier from "prettier";
import ts from "typescript";

const CONTRACT = new URL("../../../contract/openapi.json", import.meta.url);
const SOURCES = new URL("../src/", import.meta.url);
const METHODS = ["get", "post", "put", "patch", "delete"];
const RESERVED = ["body", "headers", "signal"];
const NOTICE = "// Written by `npm run generate` from the contract.\n";
const BLOB = ts.factory.createTypeReferenceNode("Blob");

/** The types of all operations and schemas. */
async function schema(contract) {
  const nodes = await openapiTS(typed(contract), {
    // A default makes a member of an answer certain, but a member of a request optional.
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: (part) => (isBinary(part) ? BLOB : undefined),
  });
  return NOTICE + astToString(nodes);
}

/** What is typed: the contract without its examples and refusals, and with nodes whose `data` is the editor's own. */
function typed(contract) {
  const copy = withoutExamples(contract);
  for (const { responses } of calls(copy)) for (const status of refusals(responses)) delete responses[status];
  const members = copy.components.schemas.NodeInput.properties;
  members.data = { anyOf: [members.data, { type: "object", additionalProperties: true }] };
  return copy;
}

/** All operations, each with its method and path. */
function calls(contract) {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({ ...item[method], method, path })),
  );
}

/** The statuses of answers that are no success; a client throws them all as the same error. */
function refusals(responses) {
  return Object.keys(responses).filter((status) => !status.startsWith("2"));
}

/** @param isMap - whether the names of the members are anybody's, such as those of properties. */
function withoutExamples(part, isMap = false) {
  if (Array.isArray(part)) return part.map((item) => withoutExamples(item));
  if (typeof part !== "object" || part === null) return part;
  const kept = Object.entries(part).filter(([name]) => isMap || !["example", "examples"].includes(name));
  return Object.fromEntries(kept.map(([name, held]) => [name, withoutExamples(held, name === "properties")]));
}

function isBinary(part) {
  return part.format === "binary" || part.contentMediaType === "application/octet-stream";
}

/** How each operation is called, as a table and as methods, and the codes of all refusals. */
function operations(contract) {
  const all = calls(contract);
  return `${NOTICE}
import type { Call } from "./call.js";
import type { Method } from "./client.js";
import type { operations } from "./schema.js";

export const OPERATIONS: Readonly<Record<keyof operations, Call>> = {
${all.map((call) => row(contract, call)).join("\n")}
};

/** One method for each operation of the contract. */
export interface Operations {
${all.map(method).join("\n")}
}

/** What takes a token in its address, because a page shows it by itself. */
export type Embedded = ${all
    .filter(({ security }) => takes(security, "access_token"))
    .map(({ operationId }) => JSON.stringify(operationId))
    .join("|")};

/** Why Understudy refuses, for programs. */
export type Refusal = ${codes(contract)
    .map((code) => JSON.stringify(code))
    .join("|")};
`;
}

function row(contract, { operationId, method, path, parameters = [], requestBody, responses, security }) {
  const shared = contract.paths[path].parameters ?? [];
  checkNames(
    operationId,
    [...shared, ...parameters].map((parameter) => resolve(contract, parameter)),
  );
  const sends = sentAs(operationId, Object.keys(resolve(contract, requestBody)?.content ?? {}));
  const gives = givenAs(successes(contract, responses));
  const isPublic = takes(security, "token") ? undefined : true;
  return `${operationId}: ${JSON.stringify({ method: method.toUpperCase(), path, sends, gives, isPublic })},`;
}

/** Whether one of the ways to say who asks is this one. */
function takes(security = [], scheme) {
  return security.some((way) => scheme in way);
}

/** What a body is sent as, if not as JSON. */
function sentAs(operationId, media) {
  if (!media.length || media.includes("application/json")) return undefined;
  if (media.includes("multipart/form-data")) return "form";
  throw new Error(`${operationId} takes ${media}, which this client cannot send.`);
}

/** What an answer is read as, if not as JSON. */
function givenAs(media) {
  if (!media.length || media.some(isJson)) return undefined;
  return media.every(isText) ? "text" : "blob";
}

function successes(contract, responses) {
  const statuses = Object.keys(responses).filter((status) => status.startsWith("2"));
  return statuses.flatMap((status) => Object.keys(resolve(contract, responses[status]).content ?? {}));
}

function method({ operationId, summary, method, path }) {
  const sentence = summary.replace(/\.?$/, ".");
  const url = `\`${method.toUpperCase()} ${path}\``;
  return `/** ${sentence}\n *\n * ${url}\n */\n${operationId}: Method<"${operationId}">;`;
}

function codes(contract) {
  const responses = calls(contract).flatMap((call) => refusals(call.responses).map((status) => call.responses[status]));
  return [...new Set(responses.flatMap((response) => codesOf(contract, response)))].sort();
}

function codesOf(contract, response) {
  const { schema } = resolve(contract, response).content?.["application/problem+json"] ?? {};
  return (schema?.allOf ?? []).flatMap((part) => part.properties?.code?.enum ?? []);
}

/** Parameters of the path and of the query stand side by side in a call, beside what belongs to every call. */
function checkNames(operationId, parameters) {
  const names = parameters.filter((parameter) => ["path", "query"].includes(parameter.in)).map(({ name }) => name);
  const clash = names.find((name, place) => RESERVED.includes(name) || names.indexOf(name) !== place);
  if (clash) throw new Error(`${operationId} cannot have a parameter "${clash}": the name is taken.`);
}

function isJson(media) {
  return /\bjson$/.test(media);
}

function isText(media) {
  return media.startsWith("text/") || media.endsWith("yaml");
}

function resolve(contract, part) {
  if (!part?.$ref) return part;
  return part.$ref
    .slice(2)
    .split("/")
    .reduce((held, name) => held[name.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
}

async function formatted(text) {
  return prettier.format(text, { ...(await prettier.resolveConfig(SOURCES.pathname)), parser: "typescript" });
}

async function main() {
  const contract = JSON.parse(await readFile(process.env.CONTRACT ?? CONTRACT, "utf8"));
  const written = { "schema.ts": await schema(contract), "operations.ts": operations(contract) };
  for (const [name, text] of Object.entries(written)) {
    const file = new URL(name, SOURCES);
    const fresh = await formatted(text);
    if (!process.argv.includes("--check")) await writeFile(file, fresh);
    else if ((await readFile(file, "utf8")) !== fresh) throw new Error(`src/${name} is stale: npm run generate`);
  }
}

await main();
