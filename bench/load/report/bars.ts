import type { Results } from "../results.ts";
import { isOurs, TITLES, VARIANTS, type VariantId } from "../variants.ts";
import { figure, spread } from "./summary.ts";
import { type Bar, panels } from "./svg.ts";

const SHOWN = ["tunnels", "setup", "denials", "bytes"] as const;

/** docs/bench.svg: the figures of the configurations beside each other, medians with the smallest and largest run. */
export function barsOf({ rates }: Results): string {
  return panels(
    SHOWN.map((id) => {
      const { title, unit, isMoreBetter } = figure(id);
      return {
        title: `${title}, ${unit}`,
        note: isMoreBetter ? "more is better" : "less is better",
        bars: VARIANTS.flatMap((variant): Bar[] => {
          const values = spread(rates, variant, id);
          return values === undefined ? [] : [{ label: TITLES[variant], kind: kindOf(variant), ...values }];
        }),
      };
    }),
  );
}

function kindOf(variant: VariantId): Bar["kind"] {
  return isOurs(variant) ? "ours" : "theirs";
}
