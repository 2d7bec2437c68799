import test from "ava";
import { PosternError } from "../../../builder/error.ts";
import { requireTreeRoot } from "../../../builder/host/namespaces.ts";

const { signal } = new AbortController();

test("root needs no namespace", async (t) => {
  await t.notThrowsAsync(requireTreeRoot(signal, true));
});

test.serial("an account that cannot be root of a tree is told so, with the way out", async (t) => {
  const { PATH } = process.env;
  process.env.PATH = "/nonexistent";
  try {
    const error = await t.throwsAsync(requireTreeRoot(signal, false), { instanceOf: PosternError });
    t.is(error?.code, "host.namespaces");
    t.regex(error?.message ?? "", /unshare.*not found/s);
    t.regex(error?.hint ?? "", /uidmap.*--add-subuids/);
  } finally {
    process.env.PATH = PATH;
  }
});
