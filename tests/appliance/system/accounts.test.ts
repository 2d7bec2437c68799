import test from "ava";
import { pathsUnder } from "../../../appliance/paths.ts";
import { readAccounts } from "../../../appliance/system/accounts.ts";
import { FACTS, PASSWD } from "../kit/facts.ts";
import { lay } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";

test("each account has its number of this machine", async (t) => {
  const root = tempFolder(t);
  lay(root, "/etc/passwd", PASSWD);

  t.deepEqual(await readAccounts(pathsUnder(root)), FACTS.accounts);
});

test("rsyslog's account is the one that it changes to", async (t) => {
  const root = tempFolder(t);
  lay(root, "/etc/passwd", `${PASSWD}syslog:x:107:113::/nonexistent:/usr/sbin/nologin\n`);
  lay(root, "/etc/rsyslog.conf", "$FileCreateMode 0640\n$PrivDropToUser syslog\n$PrivDropToGroup syslog\n");

  t.deepEqual(await readAccounts(pathsUnder(root)), { ...FACTS.accounts, syslog: "107" });
});

test("an account that this machine does not have is left out", async (t) => {
  const root = tempFolder(t);
  lay(root, "/etc/passwd", "root:x:0:0::/root:/bin/bash\nnot_chrony:x:7:7::/:/bin/sh\n");

  t.deepEqual(await readAccounts(pathsUnder(root)), { root: "0", syslog: "0" });
});
