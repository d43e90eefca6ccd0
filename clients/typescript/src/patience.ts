/** Notices when nothing was heard for some time. */
export class Patience {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    private readonly onSilence: () => void,
  ) {
    this.hear();
  }

  /** Something was heard. */
  hear(): void {
    this.stop();
    this.timer = setTimeout(this.onSilence, this.ms);
  }

  /** Listen no more. */
  stop(): void {
    clearTimeout(this.timer);
  }
}

/** Wait so many milliseconds, or until the signal. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(finish, ms);
    signal?.addEventListener("abort", finish);
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      done();
    }
  });
}
