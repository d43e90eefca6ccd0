import { createParser } from "eventsource-parser";

/** What else a reader of messages is told. */
export interface Told {
  /** Something came, if only a comment. */
  onBytes(): void;
  /** The milliseconds after which the server wants readers to come back. */
  onRetry(ms: number): void;
}

/** The data of the server-sent events in a body, until it ends or breaks. */
export async function* messages(
  body: ReadableStream<Uint8Array>,
  { onBytes, onRetry }: Told,
): AsyncGenerator<string, void, undefined> {
  const found: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => found.push(data), onRetry });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let bytes = await read(reader); bytes; bytes = await read(reader)) {
    onBytes();
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* found.splice(0);
  }
}

/** The next bytes; nothing at the end, nor where the connection broke: whoever reads comes back then. */
async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    return undefined;
  }
}
