import { Trash2 } from "lucide-react";
import { useMemo, useState } from "react";

import type { FlowConnection } from "../editor/flow.ts";
import { flowOf } from "../editor/flowing.ts";
import { useEditing, useEditor } from "../editor/store.ts";
import { bytesOf, countOf, timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Facts } from "../parts/facts.tsx";
import type { Delivery } from "../run/recording.ts";
import { recording, useEventsAbout, useRun } from "../run/run.ts";
import { deliveredBy, deliveriesOf } from "./deliveries.ts";
import { Ends } from "./ends.tsx";
import { Hint, Part } from "./part.tsx";
import { Label } from "./label.tsx";
import styles from "./panel.module.css";
import { Stepper } from "./stepper.tsx";
import { Value } from "./value.tsx";

/** What a connection carried in the execution that is shown. */
export default function ConnectionData({ connectionId }: { readonly connectionId: string }) {
  const line = useEditing(({ edges }) => edges.find((edge) => edge.id === connectionId));
  return line ? <About key={connectionId} line={line} /> : null;
}

function About({ line }: { readonly line: FlowConnection }) {
  const { act } = useEditor();
  const remove = () => act(({ nodes, edges }) => ({ nodes, edges: edges.filter((edge) => edge.id !== line.id) }));
  return (
    <div className={`${styles.panel} ${styles.whole}`}>
      <Ends line={line} />
      <Carried line={line} />
      <Part title="Settings">
        <Label line={line} />
        <div>
          <Button icon={Trash2} look="danger" onClick={remove}>
            Delete connection
          </Button>
        </div>
      </Part>
    </div>
  );
}

/** What went over it: the latest, until another delivery is chosen. */
function Carried({ line }: { readonly line: FlowConnection }) {
  const events = useEventsAbout(line.id);
  const [chosen, choose] = useState<number>();
  const deliveries = useMemo(() => deliveriesOf(events, line.id), [events, line.id]);
  if (deliveries.length === 0) return <NothingYet line={line} />;
  const last = deliveries.length - 1;
  const at = Math.min(chosen ?? Infinity, last);
  return (
    <>
      {last > 0 && (
        <Stepper
          label="Delivery"
          at={at}
          count={deliveries.length}
          onChange={(next) => choose(next === last ? undefined : next)}
        />
      )}
      <One line={line} delivery={deliveries[at]!} />
    </>
  );
}

function NothingYet({ line }: { readonly line: FlowConnection }) {
  const isRunning = useRun(({ execution }) => execution !== undefined && !execution.finished_at);
  const isShown = useRun(({ execution }) => execution !== undefined);
  const flow = useRun((run) => flowOf(run, line));
  if (!isShown) return <Hint>Nothing yet. Run the workflow to see what goes over this connection.</Hint>;
  if (flow === "dead") return <Hint>Nothing went over this connection: its branch was not taken.</Hint>;
  return <Hint>{isRunning ? "Nothing yet." : "Nothing went over this connection."}</Hint>;
}

function One({ line, delivery }: { readonly line: FlowConnection; readonly delivery: Delivery }) {
  const { source, sourceHandle = null, id } = line;
  const { value, isWhole } = useMemo(
    () => deliveredBy(recording.about(source), { source, sourceHandle }, delivery),
    [source, sourceHandle, delivery],
  );
  const time = (
    <time dateTime={delivery.at} title={delivery.at}>
      {timeOfDay(delivery.at)}
    </time>
  );
  return (
    <>
      <Facts facts={{ Carried: countOf(delivery.items, "item"), Size: bytesOf(delivery.bytes), Delivered: time }} />
      <Part title="Data">
        <Value name="Data" place={id} value={value} />
        {!isWhole && <Hint>This is a preview; the whole is not known.</Hint>}
      </Part>
    </>
  );
}
