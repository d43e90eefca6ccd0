import type { Pending } from "understudy-client";

/** What the server gave, with the entity tag by which it is changed. */
export interface Tagged<Data> {
  readonly data: Data;
  readonly etag: string;
}

/** Wait for an answer and take its entity tag along. */
export async function tagged<Data>(pending: Pending<Data>): Promise<Tagged<Data>> {
  const { data, response } = await pending.withResponse();
  return { data, etag: response.headers.get("ETag") ?? "" };
}
