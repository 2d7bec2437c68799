import test from "ava";
import { PosternError } from "../../../../builder/error.ts";
import { judgeAnswers, judgeCloudStatus } from "../../../../builder/stages/provision/answers.ts";
import { packerNote, packerTarget } from "../../../../builder/stages/provision/packer.ts";

const answer = {
  overlay: "tuning",
  id: "T-bbr",
  title: "The congestion control is there",
  command: ["sysctl", "-n", "net.ipv4.tcp_congestion_control"],
  passed: true,
  exit: 0,
  stdout: "bbr",
  stderr: "",
};

test("answers that all passed are returned", (t) => {
  t.deepEqual(judgeAnswers(JSON.stringify([answer])), [answer]);
});

test("every failed check is named with what came", (t) => {
  const failed = { ...answer, passed: false, stdout: "cubic" };

  const error = t.throws(() => judgeAnswers(JSON.stringify([answer, failed])), { instanceOf: PosternError });

  t.is(error?.code, "guest.checks");
  t.regex(error?.message ?? "", /1 of 2 checks failed[\s\S]*tuning T-bbr[\s\S]*"cubic"/);
});

for (const text of ["[]", "{}", '[{"id":"x"}]']) {
  test(`${text} is no set of answers`, (t) => {
    t.throws(() => judgeAnswers(text), { instanceOf: PosternError });
  });
}

test("cloud-init must say that it is done without errors", (t) => {
  t.notThrows(() => judgeCloudStatus('{"status":"done","errors":[]}'));
  t.throws(() => judgeCloudStatus('{"status":"error","errors":["runcmd"]}'), { message: /runcmd/ });
  t.throws(() => judgeCloudStatus("{}"), { instanceOf: PosternError });
});

const versions: [version: string, target: RegExp][] = [
  ["1.6.6", /\/packer\/postern\.pkr\.hcl$/],
  ["1.7.0", /\/packer\/$/],
  ["1.14.2", /\/packer\/$/],
  ["2.0.0", /\/packer\/$/],
];

for (const [version, target] of versions) {
  test(`Packer ${version} is given ${target.source}`, (t) => {
    t.regex(packerTarget(version), target);
  });
}

test("Packer's lines that say something new are passed on", (t) => {
  t.is(packerNote("2026-01-01T00:00:00Z: ==> qemu.appliance: Connected to SSH!"), "Connected to SSH!");
  t.is(packerNote("2026-01-01T00:00:00Z: ==> qemu.appliance: Overriding default Qemu arguments"), undefined);
  for (const note of [
    "check I1 took 9 s",
    "20 of 130 checks asked",
    "tar: /dev/vdc: No space left on device",
  ])
    t.is(packerNote(`2026-01-01T00:00:00Z:     qemu.appliance: ${note}`), note);
  t.is(
    packerNote("2026-01-01T00:00:00Z: ==> qemu.appliance: tar: ./sys: file changed as we read it"),
    undefined,
  );
  t.is(packerNote("anything else"), undefined);
});
