import { RotateCw } from "lucide-react";
import { Component, type ReactNode } from "react";

import styles from "./boundary.module.css";
import { Button } from "./button.tsx";
import { wordsOf } from "./notices.tsx";

interface BoundaryProps {
  /** What is shown instead of what failed. */
  readonly instead?: ReactNode;
  /** What the failure belongs to: where this is another, it is tried again. */
  readonly place?: string;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly failure: { readonly error: unknown } | undefined;
}

/** Keeps a failure to what is in it: the rest of the page stays as it is. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: { error } };
  }

  override componentDidUpdate({ place }: BoundaryProps): void {
    if (this.state.failure && place !== this.props.place) this.setState({ failure: undefined });
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return this.props.instead ?? <Failure error={failure.error} />;
  }
}

/** Says what happened. What could not be loaded is not asked for again, so the page is loaded anew. */
function Failure({ error }: { readonly error: unknown }) {
  return (
    <div className={styles.failure} role="alert">
      <p>
        <strong>This cannot be shown.</strong>
      </p>
      <p>The server may have a newer page, or something in this one is broken.</p>
      <p className={styles.words}>{wordsOf(error)}</p>
      <Button icon={RotateCw} onClick={() => location.reload()}>
        Load again
      </Button>
    </div>
  );
}
