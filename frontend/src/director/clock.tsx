import { useClock, useFollowedClock } from "../api/clock.ts";
import { wordsOf } from "../parts/notices.tsx";
import { Face } from "./face.tsx";
import { Happened } from "./happened.tsx";
import { Jump } from "./jump.tsx";
import { Pace } from "./pace.tsx";
import { useSandboxState } from "./reading.ts";
import { Soft } from "./section.tsx";
import { Until } from "./until.tsx";

/** The clock of the sandbox: when it is, how time goes by, and letting it go on. */
export function Clock() {
  useFollowedClock();
  const told = useClock((state) => state.told);
  const { error } = useSandboxState();
  if (error) return <Soft>{wordsOf(error)}</Soft>;
  if (!told) return <Soft>Loading …</Soft>;
  return (
    <>
      <Face clock={told.clock} />
      <Pace clock={told.clock} />
      <Jump clock={told.clock} />
      <Until />
      <Happened />
    </>
  );
}
