// Run with `node --expose-gc`: ends what is being read after the garbage was collected, and prints how each ended.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import { createUnderstudy } from "understudy-client";

const SILENCE_MS = 500;
const LONGEST_MS = 3000;

/** Answers with headers and the beginning of a body, then with nothing more; who comes back learns that all is over. */
const server = createServer((request, response) => {
  const isBack = "last-event-id" in request.headers;
  response.writeHead(isBack ? 204 : 200, { "Content-Type": request.headers.accept ?? "text/plain" });
  if (isBack) response.end();
  else response.write(": ");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const understudy = createUnderstudy({ baseUrl: `http://127.0.0.1:${server.address().port}` });

/** Begins to read, collects the garbage, and says how the reading ended. */
async function ending(read, end = () => {}) {
  const abort = new AbortController();
  const told = read(abort.signal).then(
    () => "over",
    (error) => error.name,
  );
  await once(server, "request");
  for (let round = 0; round < 5; round++) {
    await wait(50);
    globalThis.gc();
  }
  end(abort);
  return Promise.race([told, wait(LONGEST_MS, "deaf")]);
}

async function follow(options) {
  for await (const event of understudy.events(options)) console.log(event.type);
}

const byAbort = (abort) => abort.abort();
const endings = {
  "events, by their signal": await ending((signal) => follow({ signal }), byAbort),
  "events, by silence": await ending(() => follow({ silence_ms: SILENCE_MS })),
  "bytes, by their signal": await ending((signal) => understudy.getFileContent({ file_id: "f", signal }), byAbort),
  "JSON, by its signal": await ending((signal) => understudy.listWorkflows({ signal }), byAbort),
};
console.log(JSON.stringify(endings));
process.exit();
