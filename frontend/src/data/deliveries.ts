import type { StreamedEvent } from "understudy-client";

import type { Delivery } from "../run/recording.ts";
import { outputBefore } from "./attempts.ts";

/** All that went over a connection, oldest first. */
export function deliveriesOf(events: readonly StreamedEvent[], connectionId: string): readonly Delivery[] {
  return events.flatMap((event) => {
    if (event.type !== "connection.delivered" || event.data.connection_id !== connectionId) return [];
    const { items, bytes, preview } = event.data;
    return [{ items, bytes, preview, at: event.at, seq: event.seq }];
  });
}

/** From where to where data goes. */
export interface Way {
  readonly source: string;
  readonly sourceHandle?: string | null;
}

/** What was delivered, whole or as a preview. */
export interface Delivered {
  readonly value: unknown;
  readonly isWhole: boolean;
}

/** What was delivered: what left the source by its port just before; where that is not known, the preview. */
export function deliveredBy(events: readonly StreamedEvent[], way: Way, { seq, preview }: Delivery): Delivered {
  const output = outputBefore(events, way.source, seq);
  const port = way.sourceHandle ?? Object.keys(output ?? {})[0] ?? "";
  const isWhole = output !== null && Object.hasOwn(output, port);
  return { value: isWhole ? output[port] : preview, isWhole };
}
