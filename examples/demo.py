"""What ``make demo`` runs: pictures from the sandbox, through the library and the command line."""

from __future__ import annotations

import os.path
import subprocess
import sys
from pathlib import Path

from qubrid_facade import Qubrid
from qubrid_facade.sandbox import Sandbox

OUT = Path("out")
QUBRID = os.path.relpath(Path(sys.executable).with_name("qubrid"))
PROMPT = "a red fox in a snowy forest at sunset"


def main() -> None:
    with Sandbox() as sandbox:
        print(f"The sandbox answers at {sandbox.base_url}; it needs no real key.\n")

        print("Through the library:")
        with Qubrid(api_key="any", base_url=sandbox.base_url) as client:
            result = client.images.generate(PROMPT, seed=7, aspect_ratio="16:9", output_format="png")
            best = result.data[0].save(OUT / "fox.png", overwrite=True)
        print(f"  {best}  (model {result.model}, request {result.request_id})\n")

    command = [
        *("generate", "a lighthouse by the sea at night", "--sandbox", "--seed", "3", "--n", "2"),
        *("--aspect-ratio", "3:2", "-o", str(OUT / "lighthouse.webp"), "--overwrite"),
    ]
    shown = " ".join(f'"{word}"' if " " in word else word for word in command)
    print(f"Through the command line:\n  $ {QUBRID} {shown}", flush=True)
    subprocess.run([sys.executable, "-m", "qubrid_facade", *command], check=True)

    print(
        f"""
The same with a key of your own in QUBRID_API_KEY:

  from qubrid_facade import Qubrid

  with Qubrid() as client:
      result = client.images.generate("{PROMPT}", seed=7, aspect_ratio="16:9")
      print(result.data[0].save("fox.png"))

A picture to look at: {best.resolve()}"""
    )


if __name__ == "__main__":
    main()
