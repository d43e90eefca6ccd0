import {
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  getSimpleBezierPath,
  getSmoothStepPath,
  getStraightPath,
  useStore,
} from "@xyflow/react";
import { use, useState } from "react";

import { inOneLine, shortened } from "../data/json.ts";
import { bytesOf, countOf } from "../parts/amounts.ts";
import type { Delivery } from "../run/recording.ts";
import { useRun } from "../run/run.ts";
import { isBackward, pathAround } from "./around.ts";
import { flowOf } from "./flowing.ts";
import styles from "./line.module.css";
import { SceneContext } from "./scene.ts";
import { useIssues, worstOf } from "./validation.ts";

const HIT_WIDTH = 24;
const LONGEST_LABEL = 32;
const LONGEST_PREVIEW = 160;

/** A connection of any type on the canvas, and what goes over it in the execution that is shown. */
export function ConnectionLine(props: EdgeProps) {
  const { id, source, sourceHandleId, selected, style, markerStart, markerEnd, interactionWidth = HIT_WIDTH } = props;
  const [path, x, y] = pathOf(props);
  const flow = useRun((run) => flowOf(run, { id, source }));
  const delivery = useRun(({ deliveries }) => deliveries.get(id));
  const [isUnder, setUnder] = useState(false);
  return (
    <g
      className={styles.line}
      data-flow={flow}
      data-error={sourceHandleId === "error" || undefined}
      data-selected={selected || undefined}
    >
      <path
        className={`react-flow__edge-path ${styles.path}`}
        d={path}
        style={style}
        markerStart={markerStart}
        markerEnd={markerEnd}
      />
      <path
        className={`react-flow__edge-interaction ${styles.hit}`}
        d={path}
        fill="none"
        strokeOpacity={0}
        strokeWidth={interactionWidth}
        onPointerEnter={() => setUnder(true)}
        onPointerLeave={() => setUnder(false)}
      />
      <Carrying path={path} seq={delivery?.seq ?? 0} />
      <Words x={x} y={y} label={props.label} delivery={delivery} />
      <IssueSign id={id} x={x} y={y} />
      {isUnder && delivery && <Preview x={x} y={y} delivery={delivery} />}
    </g>
  );
}

interface PathOptions {
  readonly curvature?: number;
  readonly borderRadius?: number;
  readonly offset?: number;
  readonly stepPosition?: number;
}

/** How the line goes, and where its middle is. */
function pathOf(props: EdgeProps): readonly [path: string, x: number, y: number, ...unknown[]] {
  const options = (props.pathOptions ?? {}) as PathOptions;
  if (props.type === "straight") return getStraightPath(props);
  if (props.type === "simplebezier") return getSimpleBezierPath(props);
  if (props.type === "smoothstep") return getSmoothStepPath({ ...props, ...options });
  if (props.type === "step") return getSmoothStepPath({ ...props, ...options, borderRadius: 0 });
  return isBackward(props) ? pathAround(props) : getBezierPath({ ...props, ...options });
}

const NEW_EVENTS = 40;

/** A dot that goes along the line once for each delivery, while that is news. */
function Carrying({ path, seq }: { readonly path: string; readonly seq: number }) {
  const isNews = useRun(({ execution }) => (execution?.last_seq ?? 0) - seq < NEW_EVENTS);
  const [arrived, setArrived] = useState(seq);
  // Back in time, and in another execution, what comes is news again.
  if (seq < arrived) setArrived(seq);
  if (seq <= arrived || !isNews) return null;
  return (
    <circle
      key={seq}
      className={styles.dot}
      data-delivery={seq}
      r={4.5}
      style={{ offsetPath: `path("${path}")` }}
      onAnimationEnd={() => setArrived(seq)}
    />
  );
}

interface PlaceProps {
  readonly x: number;
  readonly y: number;
}

interface WordsProps extends PlaceProps {
  readonly label: React.ReactNode;
  readonly delivery: Delivery | undefined;
}

const PX_OF_CHARACTER = 6.3;

/** What the document writes on the line, and how much went over it. */
function Words({ x, y, label, delivery }: WordsProps) {
  const { isFar } = use(SceneContext);
  const own = typeof label === "string" || typeof label === "number" ? shortened(String(label), LONGEST_LABEL) : "";
  const amount = delivery && (own ? delivery.items.toLocaleString("en") : countOf(delivery.items, "item"));
  const words = [own, amount].filter(Boolean).join(" · ");
  if (isFar || words === "") return null;
  const width = words.length * PX_OF_CHARACTER + 14;
  return (
    <g className={styles.words} transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-10} width={width} height={20} rx={10} />
      <text textAnchor="middle" dominantBaseline="central">
        {words}
      </text>
    </g>
  );
}

/** That something is wrong with the connection. */
function IssueSign({ id, x, y }: PlaceProps & { readonly id: string }) {
  const issues = useIssues(({ byConnection }) => byConnection.get(id));
  const severity = worstOf(issues);
  if (!issues || !severity || severity === "info") return null;
  const words = issues.map((issue) => issue.message).join("\n");
  return (
    <g
      className={styles.issue}
      data-severity={severity}
      transform={`translate(${x} ${y - 20})`}
      role="img"
      aria-label={`${severity}: ${words}`}
    >
      <title>{words}</title>
      <circle r={8} />
      <text textAnchor="middle" dominantBaseline="central">
        !
      </text>
    </g>
  );
}

/** The beginning of what went over the line, for the mouse; all of it is shown when the line is selected. */
function Preview({ x, y, delivery }: PlaceProps & { readonly delivery: Delivery }) {
  const zoom = useStore(({ transform }) => transform[2]);
  const transform = `translate(${x}px, ${y}px) scale(${1 / zoom}) translate(-50%, -100%) translateY(-16px)`;
  return (
    <EdgeLabelRenderer>
      <div className={styles.preview} style={{ transform }} aria-hidden>
        <p>{`${countOf(delivery.items, "item")}, ${bytesOf(delivery.bytes)}`}</p>
        <code>{inOneLine(delivery.preview, LONGEST_PREVIEW)}</code>
      </div>
    </EdgeLabelRenderer>
  );
}
