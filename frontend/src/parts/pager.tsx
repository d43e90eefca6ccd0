import { ChevronLeft, ChevronRight } from "lucide-react";

import { Button } from "./button.tsx";
import styles from "./pager.module.css";

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  onChange(page: number): void;
}

/** The way to the page before and the page after; nothing if there is one page only. */
export function Pager({ page, pages, onChange }: PagerProps) {
  if (pages <= 1 && page === 1) return null;
  return (
    <nav className={styles.pager} aria-label="Pages">
      <Button icon={ChevronLeft} isIconOnly disabled={page <= 1} onClick={() => onChange(page - 1)}>
        Previous page
      </Button>
      <span role="status">{`Page ${page} of ${pages}`}</span>
      <Button icon={ChevronRight} isIconOnly disabled={page >= pages} onClick={() => onChange(page + 1)}>
        Next page
      </Button>
    </nav>
  );
}
