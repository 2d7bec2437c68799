import test from "ava";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { imageLayout } from "../../../builder/disk/layout.ts";
import { PosternError } from "../../../builder/error.ts";

test("an image that is too small or no whole number of GiB is refused with the least size", (t) => {
  for (const size of [0, 4, 5.5, -8, Number.NaN]) {
    const error = t.throws(() => imageLayout(size, diskIds("x")), { instanceOf: PosternError });
    t.is(error?.code, "input.disk-size");
    t.regex(error?.message ?? "", /5 or more/);
  }
});
