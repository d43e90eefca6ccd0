import { Blocks, Keyboard, PanelBottom, Redo2, Undo2, Waypoints } from "lucide-react";
import { lazy, Suspense } from "react";

import { Button } from "../parts/button.tsx";
import { useCommands } from "./commands.ts";
import { useEditing } from "./store.ts";
import styles from "./tools.module.css";
import { toggleDock, togglePalette, useView } from "./view.ts";

const Help = lazy(() => import("./help.tsx"));

/** What is done with the graph as a whole: undo, redo, tidy up; and what is open around it. */
export function Tools() {
  const { undo, redo, tidy, toggleHelp } = useCommands();
  const canUndo = useEditing(({ history }) => history.past.length > 0);
  const canRedo = useEditing(({ history }) => history.future.length > 0);
  const isEmpty = useEditing(({ nodes }) => nodes.length === 0);
  const { isPaletteOpen, isDockOpen, isHelpOpen } = useView();
  return (
    <div className={styles.tools} role="toolbar" aria-label="Workflow">
      <Button icon={Blocks} look="quiet" isIconOnly aria-pressed={isPaletteOpen} onClick={togglePalette}>
        Palette
      </Button>
      <Button icon={Undo2} look="quiet" isIconOnly disabled={!canUndo} onClick={undo}>
        Undo
      </Button>
      <Button icon={Redo2} look="quiet" isIconOnly disabled={!canRedo} onClick={redo}>
        Redo
      </Button>
      <Button icon={Waypoints} look="quiet" isIconOnly disabled={isEmpty} onClick={() => void tidy()}>
        Tidy up
      </Button>
      <Button icon={PanelBottom} look="quiet" isIconOnly aria-pressed={isDockOpen} onClick={toggleDock}>
        Panel below
      </Button>
      <Button icon={Keyboard} look="quiet" isIconOnly onClick={toggleHelp}>
        Keyboard shortcuts
      </Button>
      {isHelpOpen && (
        <Suspense>
          <Help onClose={toggleHelp} />
        </Suspense>
      )}
    </div>
  );
}
