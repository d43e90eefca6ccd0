import type { Page } from "@playwright/test";

import type { Duration, Wanted } from "./clock.js";
import type { Sandbox } from "./sandbox.js";
import type { Advanced } from "./schema.js";

const LOADING_MS = 60_000;

/** The clock of a page and that of its sandbox, moved together.
 *
 * The backend goes first: whatever the page asks then is there. Until they are moved for the first time, or paused,
 * the page's clock runs, up to a minute early, so that the page can load.
 */
export class Clocks {
  private constructor(
    private readonly page: Page,
    private readonly sandbox: Sandbox,
  ) {}

  /** Give a page a clock, before it is opened. */
  static async install(page: Page, sandbox: Sandbox): Promise<Clocks> {
    const now = await sandbox.clock.now();
    await page.clock.install({ time: now.getTime() - LOADING_MS });
    return new Clocks(page, sandbox);
  }

  /** Let both stand at the moment of the sandbox. */
  async pause(): Promise<void> {
    await this.sandbox.clock.pause();
    await this.page.clock.pauseAt(await this.sandbox.clock.now());
  }

  /** Let so much time go by; every timer of the page that is due fires. */
  advance(duration: Duration): Promise<Advanced> {
    return this.move(
      () => this.sandbox.clock.advance(duration),
      (ms) => this.page.clock.runFor(ms),
    );
  }

  /** Let so much time go by at once; a timer of the page fires once at most, as after a laptop was opened again. */
  jump(duration: Duration): Promise<Advanced> {
    return this.move(
      () => this.sandbox.clock.advance(duration),
      (ms) => this.page.clock.fastForward(ms),
    );
  }

  /** Let time go on until something happens in the backend.
   *
   * @param limit - of virtual time; a day if none is given.
   * @throws {@link NotReached} with what happened instead.
   */
  until(wanted: Wanted, limit?: Duration): Promise<Advanced> {
    return this.move(
      () => this.sandbox.clock.until(wanted, limit),
      (ms) => this.page.clock.runFor(ms),
    );
  }

  private async move(backend: () => Promise<Advanced>, page: (ms: number) => Promise<void>): Promise<Advanced> {
    await this.pause();
    const before = await this.sandbox.clock.now();
    const answer = await backend();
    await page(Date.parse(answer.now) - before.getTime());
    return answer;
  }
}
