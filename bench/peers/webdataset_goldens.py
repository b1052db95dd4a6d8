"""What webdataset reads of four small shards, for test/images/sources/shards.

    pip install webdataset==1.0.2 braceexpand==0.1.7
    python bench/peers/webdataset_goldens.py test/images/sources/shards/fixtures

Writes the shards and golden.json beside them: keys, extensions and sha256 of what the library reads, in its order, and
what braceexpand makes of some patterns. The shards have every kind of name that the library treats in its own way, in
three formats of tar, and one is gzipped.
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import webdataset
from braceexpand import braceexpand

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def content(shard, name):
    digest = hashlib.sha256(f"{shard}/{name}".encode()).digest()
    return digest * (1 + digest[0] % 24)


def text(shard, name):
    if name.endswith(".cls"):
        return str(len(name) % 3).encode()
    if name.endswith(".json"):
        return json.dumps({"caption": name}).encode()
    return content(shard, name)


LONG = "a-folder-with-a-long-name/" * 5 + "größer-数-" + "x" * 60
SHARDS = [
    (tarfile.USTAR_FORMAT, ["000.jpg", "000.cls", "001.JPG", "001.cls", "002.jpeg", "002.cls", "b/" * 40 + "003.png", "b/" * 40 + "003.cls"]),
    (tarfile.PAX_FORMAT, ["README", ".hidden.png", "__meta__", "__info__/a.png", "a.b/img.cls.txt", "a.b/img.png", "./x.jpg", "./x.cls", LONG + ".webp", LONG + ".cls", "dir/", "link.png -> 000.png"]),
    (tarfile.GNU_FORMAT, ["img.seg.png", "img.png", "img.json", LONG + ".webp", LONG + ".json", "x/._img.jpg", "x/img.jpg", "a.tar.gz", "only.txt", "empty.png"]),
    (tarfile.PAX_FORMAT, ["img.png", "img.cls", "other.png", "img.png.png"]),
]


def write(path, shard, kind, names):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=kind) as tar:
        for name in names:
            name, _, target = name.partition(" -> ")
            info = tarfile.TarInfo(name)
            if target:
                info.type, info.linkname = tarfile.SYMTYPE, target
                tar.addfile(info)
            elif name.endswith("/"):
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            else:
                data = b"" if name.startswith("empty") else text(shard, name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    data = buffer.getvalue()
    # Blocks of twenty are filled with zeros; two say the end.
    end = len(data.rstrip(b"\0"))
    data = data[: (end + 511) // 512 * 512 + 1024]
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


paths = []
for i, (kind, names) in enumerate(SHARDS):
    path = folder / (f"shard-{i:03d}.tar" + (".gz" if i == 3 else ""))
    write(path, i, kind, names)
    paths.append(str(path))

samples = []
for sample in webdataset.WebDataset(paths, shardshuffle=False, empty_check=False):
    members = {
        extension: hashlib.sha256(data).hexdigest()
        for extension, data in sample.items()
        if not extension.startswith("__")
    }
    samples.append({"shard": Path(sample["__url__"]).name, "key": sample["__key__"], "members": members})

PATTERNS = [
    "shard-{000000..000003}.tar", "{00..02..2}", "{train,val}-{0..1}.tar", "{9..11}", "{3..1}", "{a..e..2}", "{2..-1}",
    "{-01..1}", "x{,y}", "{a,b{1..2},c}", "{abc}", "{a{0..1}b}", "\\{0..1\\}", "{1..5..-2}", "{1..3..0}", "plain", "{01..010}",
    "{e..a}", "{,}", "a{0..0}b", "{a\\,b,c}", "{a}{b,c}", "{X..c}",
]
braces = {pattern: list(braceexpand(pattern)) for pattern in PATTERNS}
golden = {"webdataset": webdataset.__version__, "samples": samples, "braces": braces}
(folder / "golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
