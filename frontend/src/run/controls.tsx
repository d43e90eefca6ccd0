import { Pause, Play, RotateCcw, SlidersHorizontal, Square, StepForward } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { useClock, useFollowedClock } from "../api/clock.ts";
import { useWatchedClock } from "../api/watch.ts";
import { Button } from "../parts/button.tsx";
import styles from "./controls.module.css";
import { type Running, useNewcomers, useRunning } from "./running.ts";

const StartDialog = lazy(() => import("./start.tsx"));

/** Run, pause, resume, step and stop. */
export function Controls({ workflowId }: { readonly workflowId: string }) {
  const running = useRunning(workflowId);
  const [isAsking, setAsking] = useState(false);
  useFollowedClock();
  useWatchedClock(running.isUnderWay);
  useNewcomers(workflowId);
  return (
    <div className={styles.controls} role="group" aria-label="Run">
      <Go running={running} />
      <Button
        icon={SlidersHorizontal}
        isIconOnly
        disabled={running.isUnderWay || running.isBusy}
        onClick={() => setAsking(true)}
      >
        Run with …
      </Button>
      <Way running={running} />
      {isAsking && (
        <Suspense>
          <StartDialog workflowId={workflowId} onStart={running.run} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** The one button that most people want. */
function Go({ running: { status, isUnderWay, isBusy, run, tell } }: { readonly running: Running }) {
  const main = { look: "main", icon: Play, disabled: isBusy } as const;
  if (status === "pending")
    return (
      <Button {...main} onClick={() => tell("release")}>
        Release
      </Button>
    );
  return (
    <Button {...main} disabled={isBusy || isUnderWay} onClick={() => run()}>
      Run
    </Button>
  );
}

/** What is done on the way. */
function Way({ running }: { readonly running: Running }) {
  const { status, isUnderWay, isBusy, tell, step, retry } = running;
  const hasClock = useClock(({ told }) => told !== undefined);
  const canPause = status === "running" || status === "waiting";
  const canStep = !isUnderWay || canPause;
  return (
    <>
      {status === "paused" ? (
        <Button icon={Play} isIconOnly disabled={isBusy} onClick={() => tell("resume")}>
          Resume
        </Button>
      ) : (
        <Button icon={Pause} isIconOnly disabled={isBusy || !canPause} onClick={() => tell("pause")}>
          Pause
        </Button>
      )}
      {hasClock && (
        <Button
          icon={StepForward}
          isIconOnly
          disabled={isBusy || !canStep}
          title={canStep ? "Step: stop the clock, and let one thing happen" : `Step: not while it is ${status}`}
          onClick={step}
        >
          Step
        </Button>
      )}
      <Button icon={Square} isIconOnly disabled={isBusy || !isUnderWay} onClick={() => tell("stop")}>
        Stop
      </Button>
      {(status === "failed" || status === "stopped") && (
        <Button icon={RotateCcw} isIconOnly disabled={isBusy} title="Retry with the same input" onClick={retry}>
          Retry
        </Button>
      )}
    </>
  );
}
