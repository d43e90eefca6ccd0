import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";

import styles from "./button.module.css";

interface ButtonProps extends ComponentProps<"button"> {
  readonly icon?: LucideIcon;
  readonly look?: "plain" | "main" | "quiet" | "danger";
  /** Only the icon is seen; the words are its name. */
  readonly isIconOnly?: boolean;
}

/** A button with words, and an icon before them. */
export function Button({ icon: Icon, look = "plain", isIconOnly = false, children, title, ...others }: ButtonProps) {
  const classes = [styles.button, styles[look], isIconOnly && styles.iconOnly].filter(Boolean).join(" ");
  const hint = title ?? (isIconOnly && typeof children === "string" ? children : undefined);
  return (
    <button type="button" className={classes} title={hint} {...others}>
      {Icon && <Icon size={16} aria-hidden />}
      <span className={isIconOnly ? "unseen" : undefined}>{children}</span>
    </button>
  );
}
