import { useState } from "react";
import { JsonView } from "react-json-view-lite";

import { Button } from "../parts/button.tsx";
import { cut } from "./json.ts";
import styles from "./tree.module.css";

const FIRST = 100;
const LONGEST = 1_000;
const FEW = 12;

const LOOK = {
  container: styles.tree!,
  basicChildStyle: styles.item!,
  childFieldsContainer: styles.group!,
  label: styles.label!,
  clickableLabel: styles.clickable!,
  nullValue: styles.none!,
  undefinedValue: styles.none!,
  stringValue: styles.text!,
  booleanValue: styles.none!,
  numberValue: styles.number!,
  otherValue: styles.none!,
  punctuation: styles.mark!,
  collapseIcon: styles.close!,
  expandIcon: styles.open!,
  collapsedContent: styles.closed!,
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  stringifyStringValues: true,
  ariaLables: { collapseJson: "Close", expandJson: "Open" },
};

/** A value as a tree of JSON. Of what is long, there is the beginning, and more if one asks. */
export default function Tree({ name, value }: { readonly name: string; readonly value: object }) {
  const [times, setTimes] = useState(1);
  const shown = cut(value, FIRST * times, LONGEST * times);
  return (
    <>
      <JsonView
        aria-label={name}
        data={shown.value as object}
        style={LOOK}
        shouldExpandNode={isOpenAtFirst}
        clickToExpandNode
      />
      {shown.isCut && (
        <p className={styles.more}>
          <span>Long lists and texts are cut.</span>
          <Button onClick={() => setTimes(times * 5)}>Show more</Button>
        </p>
      )}
    </>
  );
}

/** The value itself is open, and what it has by name if that is little; items of lists are closed. */
function isOpenAtFirst(level: number, value: object, field?: string): boolean {
  return level === 0 || (level < 3 && field !== undefined && Object.keys(value).length <= FEW);
}
