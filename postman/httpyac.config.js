"use strict";

// Lets httpYac read `understudy.http`: it knows `# @expect` and `{{name.response.body.$.id}}` by this file only.
// UNDERSTUDY_URL is where the server is, if it is not where the file says.

const assert = require("node:assert");

const answers = new Map();

/** What a path such as `$.items[0].id` leads to. */
function follow(body, path) {
  return path.split(/[.[\]/]+/).reduce((found, step) => (step === "" || step === "$" ? found : found?.[step]), body);
}

/** The text that stands for a part of an earlier answer. */
function textOf(name, part, path) {
  const answer = answers.get(name);
  assert(answer, `${name} was not answered yet`);
  if (part === "headers") return String(answer.headers[path.toLowerCase()]);
  // JSON may write a brace as an escape: no expression of a node in it is taken for a variable.
  if (path === "*") return answer.rawBody.toString("utf8").replaceAll("{{", "{\\u007b");
  return String(follow(answer.parsedBody, path));
}

/** A text with what earlier requests were answered in it. */
function filledIn(text) {
  return text.replace(/{{(\w+)\.response\.(body|headers)\.([^}]+)}}/g, (_, name, part, path) => textOf(name, part, path));
}

/** What an answer says at `body`, `body#/status` or `header.ETag`. */
function saidAt(response, place) {
  if (place === "body") return response.rawBody.toString("utf8");
  const [, part, path] = place.match(/^(body|header)[#.](.*)$/);
  return part === "header" ? response.headers[path.toLowerCase()] : follow(response.parsedBody, path);
}

/** Holds what was said against what must be: `RIFF*` begins so, `*` is anything. */
function compare(said, value) {
  if (typeof value !== "string" || !value.endsWith("*")) return assert.deepStrictEqual(said, value);
  assert(said !== undefined && said !== null, "there is nothing");
  if (value !== "*") assert.strictEqual(said.slice(0, value.length - 1), value.slice(0, -1));
}

/** Holds an answer against `# @expect`. */
function check(response, expect, test) {
  const [status, checks] = String(expect).split(/ (.*)/s);
  test(`status ${status}`, () => assert.strictEqual(response.statusCode, Number(status)));
  for (const [place, value] of Object.entries(JSON.parse(checks || "{}"))) {
    test(`${place} is ${JSON.stringify(value)}`, () => compare(saidAt(response, place), value));
  }
}

module.exports = {
  configureHooks(api) {
    api.hooks.replaceVariable.addHook("understudy", (text) => (typeof text === "string" ? filledIn(text) : text), {
      before: ["javascript"],
    });
    api.hooks.onRequest.addHook("understudy", (request) => {
      request.url = request.url.replace("http://localhost:8000", process.env.UNDERSTUDY_URL || "http://localhost:8000");
    });
    const read = (response, context) => {
      const { metaData } = context.httpRegion;
      answers.set(metaData.name, response);
      // Else httpYac keeps the answer as a variable, and runs whatever stands in double braces in it.
      delete metaData.name;
      check(response, metaData.expect, api.utils.testFactory(context));
    };
    api.hooks.onResponse.addHook("understudy", read, { before: ["handleMetaDataName"] });
  },
};
