"""`diwan verify`: is this PDF a licence of this municipality, unchanged and in force?"""

import json
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from chalicelib.bootstrap import build
from chalicelib.settings import Settings


def verify(settings: Settings, file: Path, *, as_json: bool) -> int:
    """0 when valid, 1 when not, 2 when there is no such file or no municipality in the data folder."""
    console = Console()
    if not file.is_file():
        Console(stderr=True, soft_wrap=True).print(f"There is no file {file}.")
        return 2
    keys = urlsplit(settings.keys_url)
    if keys.scheme == "file" and not Path(keys.netloc + keys.path).is_dir():
        # Looked at first: keys would be made, and call every licence a stranger's.
        advice = "give the municipality's data folder with --data"
        Console(stderr=True, soft_wrap=True).print(
            f"There are no keys in {keys.netloc + keys.path} to verify with: {advice}."
        )
        return 2
    diwan = build(settings)
    try:
        verdict = diwan.signing.verify_pdf(file.read_bytes())
        texts = diwan.pages.localisation("en")
    finally:
        diwan.close()
    if as_json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False))
    elif verdict.valid:
        console.print("[green]✓ valid[/]", texts.text("verification-valid", signer=verdict.signer or ""))
        for name in ("number", "holder", "premises", "parcel", "valid_from", "expires_on", "signed_at"):
            value = getattr(verdict, name)
            told = f"{value['ar']}  {value.get('en', '')}" if isinstance(value, dict) else value
            console.print(f"  {name.replace('_', ' '):12} {told}", highlight=False)
    else:
        for reason in verdict.reasons:
            console.print("[red]✗ not valid[/]", texts.text(f"verification-{reason}"))
    return 0 if verdict.valid else 1
