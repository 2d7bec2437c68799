import { type LibraryWish, type MachineWish, PLACES, type PlaceFlag, type VsphereWish } from "./wish.ts";

/** One call of govc that changes something. */
export interface Step {
  /** What it does, in words. */
  title: string;
  args: readonly string[];
  /** Whether {@link OPTIONS_ARGUMENT} is among them. */
  readsOptions: boolean;
  /** Prints something where the step left something. */
  left: readonly string[];
  /** Takes that away again. */
  undo: readonly string[];
}

/** The options on standard input; whoever runs a step may name a file in its place. */
export const OPTIONS_ARGUMENT = "-options=-";

/** What govc is asked to do, in order. */
export function stepsFor({ ova, library, machine }: VsphereWish): Step[] {
  const steps: Step[] = [];
  if (library !== undefined) {
    steps.push({
      title: `upload to the content library ${library.name} as ${library.item}`,
      args: ["library.import", "-m", `-n=${library.item}`, library.name, ova],
      readsOptions: false,
      left: itemArguments(library),
      undo: ["library.rm", pathOf(library)],
    });
  }
  if (machine !== undefined) {
    const placed = [OPTIONS_ARGUMENT, ...placeArguments(machine)];
    const check = machine.checkUpload ? ["-m"] : [];
    steps.push({
      title: `make the virtual machine ${machine.name}`,
      args:
        library === undefined
          ? ["import.ova", ...check, ...placed, `-name=${machine.name}`, ova]
          : ["library.deploy", ...placed, pathOf(library), machine.name],
      readsOptions: true,
      left: findArguments(machine),
      undo: ["vm.destroy", ...datacenterArguments(machine), machine.name],
    });
  }
  return steps;
}

/** Finds a machine of this name, wherever it is; prints nothing where there is none. */
export function findArguments({ name }: MachineWish): string[] {
  return ["find", "/", "-type", "m", "-name", name];
}

/** Looks for the item; prints nothing where there is none. */
export function itemArguments(library: LibraryWish): string[] {
  return ["library.info", pathOf(library)];
}

function pathOf({ name, item }: LibraryWish): string {
  return `/${name}/${item}`;
}

function placeArguments({ place }: MachineWish): string[] {
  const flags = Object.keys(PLACES) as PlaceFlag[];
  return flags.flatMap((flag) => {
    const value = place[flag];
    return value === undefined ? [] : [`-${PLACES[flag]}=${value}`];
  });
}

function datacenterArguments({ place: { datacenter } }: MachineWish): string[] {
  return datacenter === undefined ? [] : [`-dc=${datacenter}`];
}
