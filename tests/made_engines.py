"""Engines that the tests make: for camel-tools a BERT that knows four names and an ALMOR database with one stem; one from outside."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines.cameldata import camel_module

LABELS = ("B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O")
#: What the model learns, word by word.
LESSON = (
    ("زار", "O"), ("سمير", "B-PERS"), ("الزنقور", "I-PERS"), ("وزنقارة", "B-LOC"), ("أمس", "O"), (".", "O"),
    ("وفد", "O"), ("هيئة", "B-ORG"), ("الزناقير", "I-ORG"), ("في", "O"), ("العربي", "B-MISC"), ("قال", "O"),
)  # fmt: skip

_MADE: dict[str, bytes] = {}


def tiny_model(folder: Path, labels: tuple[str, ...] = LABELS) -> Path:
    """A model of 40 KB in a folder, learnt once a session; it labels the words of LESSON so, wherever they stand."""
    folder.mkdir(parents=True, exist_ok=True)
    transformers = camel_module("transformers")
    words = [word for word, _ in LESSON]
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, "/", "x"]), "utf-8"
    )
    config = transformers.BertConfig(
        vocab_size=len(words) + 7, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=256, id2label=dict(enumerate(labels)), label2id={n: i for i, n in enumerate(labels)},
    )  # fmt: skip
    config.architectures = ["BertForTokenClassification"]
    if not _MADE:
        _learn(transformers.BertForTokenClassification(config), folder)
        _MADE["weights"] = (folder / "model.safetensors").read_bytes()
    config.save_pretrained(folder)
    (folder / "model.safetensors").write_bytes(_MADE["weights"])
    return folder


def _learn(model: Any, folder: Path) -> None:
    torch = camel_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(7)
    torch.nn.init.normal_(model.bert.embeddings.word_embeddings.weight)
    model.eval()  # without dropout
    wanted = torch.tensor([LABELS.index(label) for _, label in LESSON])
    steps = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(100):
        order = torch.randperm(len(LESSON))
        ids = torch.cat([torch.tensor([2]), order + 5, torch.tensor([3])])[None]
        scores = model(input_ids=ids)[0][0, 1:-1]
        loss = torch.nn.functional.cross_entropy(scores, wanted[order])
        steps.zero_grad()
        loss.backward()
        steps.step()
    camel_module("transformers").utils.logging.disable_progress_bar()
    model.save_pretrained(folder)


def tiny_morphology(path: Path, end: str = "") -> Path:
    """A database in which زنقار is a name that و, ب and ال may stand before and ه after; `end` is appended."""
    features = "prc3:0 prc2:{prc2} prc1:{prc1} prc0:{prc0}"
    none = {"prc2": "0", "prc1": "0", "prc0": "0"}
    prefixes = [
        ("", "P0", none), ("و", "P0", none | {"prc2": "wa_conj"}), ("ب", "P0", none | {"prc1": "bi_prep"}),
        ("وب", "P0", none | {"prc2": "wa_conj", "prc1": "bi_prep"}), ("ال", "P1", none | {"prc0": "Al_det"}),
        ("ما", "P1", none | {"prc0": "mA_neg"}), ("كال", "P1", none | {"prc1": "ka_prep", "prc0": "Al_det"}),
    ]  # fmt: skip
    common = "per:na asp:na vox:na mod:na gen:m num:s stt:i cas:u"
    lines = ["###DEFINES###"]
    names = ("diac", "lex", "gloss", "bw", "prc3", "prc2", "prc1", "prc0", "enc0", "enc1", "source", "stem", "stemcat")
    lines += [f"DEFINE {name} {name}:*open*" for name in (*names, *(f.split(":")[0] for f in common.split()))]
    kinds = ("noun_prop", "noun", "punc", "digit", "latin")
    lines += ["DEFINE pos " + " ".join(f"pos:{kind}" for kind in kinds), "###DEFAULTS###"]
    open_ = " ".join(f"{name}:*" for name in ("diac", "lex", "gloss", "bw", "source", "stem", "stemcat"))
    for kind in kinds:
        lines.append(f"DEFAULT pos:{kind} {open_} {features.format(**none)} enc0:0 enc1:0 {common}")
    lines += ["###ORDER###", "ORDER " + " ".join((*names, "pos")), "###TOKENIZATIONS###", "TOKENIZATION bw"]
    lines += ["###STEMBACKOFF###", "STEMBACKOFF ALL N0", "###PREFIXES###"]
    lines += [f"{text}\t{kind}\tdiac:{text} bw:{text} {features.format(**found)}" for text, kind, found in prefixes]
    lines += ["###SUFFIXES###", "\tS0\tdiac: bw: enc0:0", "ه\tS1\tdiac:ه bw:ه enc0:3ms_poss", "###STEMS###"]
    lines.append(
        "زنقار\tN0\tdiac:زنقار lex:زنقار_1 gloss:Zanqar bw:زنقار pos:noun_prop gen:m num:s "
        + f"{features.format(**none)} enc0:0 enc1:0"
    )
    lines += ["###TABLE AB###", "P0 N0", "P1 N0", "###TABLE BC###", "N0 S0", "N0 S1"]
    lines += ["###TABLE AC###", "P0 S0", "P0 S1", "P1 S0"]
    path.write_text("\n".join(lines) + "\n" + end, "utf-8")
    return path


class SecondWords:
    """An engine as somebody else may write it: each sentence's second word names a person."""

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """Those names."""
        return tuple(Name(t[1].start, t[1].end, "PER", None, "second") for t in sentences if len(t) > 1)
