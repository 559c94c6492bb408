"""Makes what TaskReferenceTest reproduces: for each thing that can be learned, the loss of one step and its gradients, by
transformers and PEFT, of the model and the adapter that make_fixtures.py made.

    /tmp/reference/bin/python tune/reference/make_tasks.py tune/src/test/resources/reference

Run by hand; what it makes is committed.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize
from transformers import BertModel

NEVER = -1e4
# Of two parts; where the second begins; first and last token of the answer, 0 where there is none; whether it answers.
PAIRS = [[2, 7, 11, 3, 35, 8, 9, 3], [2, 9, 3, 14, 3], [2, 38, 14, 3, 6, 3], [2, 21, 5, 5, 3, 19, 30, 3]]
SECONDS = [4, 3, 4, 5]
FIRSTS, LASTS = [5, 0, 4, 5], [6, 0, 4, 6]
RELEVANT = [1, 0, 1, 0]
QUERIES = [[2, 7, 3], [2, 9, 12, 3], [2, 30, 3]]
PASSAGES = [[2, 11, 35, 3], [2, 38, 14, 8, 3], [2, 6, 3], [2, 21, 5, 5, 3], [2, 17, 28, 3]]
# Question, passage that answers it, passages looked out. The first question is answered by passage 1 as well.
MATCHES = [[0, 0, [3]], [1, 1, [4]], [2, 2, []], [0, 1, []]]
STEP = [0, 1, 2]
TEMPERATURE = 0.07
LABELLED = [[2, 7, 3], [2, 9, 12, 3], [2, 30, 3], [2, 11, 35, 3], [2, 38, 14, 8, 3], [2, 6, 3]]
LABELS = [0, 1, 0, 1, 1, 2]


def numbers(tensor):
    return [float(value) for value in tensor.detach().flatten()]


def states(model, texts, seconds=None):
    longest = max(map(len, texts))
    ids = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
    mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts])
    types = torch.zeros_like(ids)
    for row, second in enumerate(seconds or []):
        types[row, second:len(texts[row])] = 1
    return model(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state


def vectors(model, texts):
    return normalize(states(model, texts)[:, 0], dim=1)


def reading(model, layer):
    scores = layer(states(model, PAIRS, SECONDS))
    closed = torch.zeros(scores.shape[:2], dtype=torch.bool)
    for row, text in enumerate(PAIRS):
        closed[row, 1:SECONDS[row]] = True
        closed[row, len(text) - 1:] = True
    scores = scores.masked_fill(closed.unsqueeze(2), NEVER)
    return (cross_entropy(scores[:, :, 0], torch.tensor(FIRSTS)) + cross_entropy(scores[:, :, 1], torch.tensor(LASTS))) / 2


def judging(model, layer):
    logits = layer(states(model, PAIRS, SECONDS)[:, 0])[:, 0]
    return binary_cross_entropy_with_logits(logits, torch.tensor(RELEVANT, dtype=torch.float64))


def ranking(model, _):
    matches = [MATCHES[i] for i in STEP]
    passages = [passage for _, passage, _ in matches] + [other for _, _, others in matches for other in others]
    cosines = vectors(model, [QUERIES[query] for query, _, _ in matches]) @ vectors(
        model, [PASSAGES[i] for i in passages]).T
    scores = cosines / TEMPERATURE
    for row, (query, right, _) in enumerate(matches):
        for column, passage in enumerate(passages):
            if passage != right and any(q == query and p == passage for q, p, _ in MATCHES):
                scores[row, column] = NEVER
    return cross_entropy(scores, torch.arange(len(matches)))


def contrasting(model, _):
    each = vectors(model, LABELLED)
    total, anchors = 0.0, 0
    for i, label in enumerate(LABELS):
        own = [j for j, other in enumerate(LABELS) if j != i and other == label]
        if own:
            anchors += 1
            others = torch.stack([each[i] @ each[j] / TEMPERATURE for j in range(len(LABELS)) if j != i])
            whole = torch.logsumexp(others, 0)
            total = total - sum(each[i] @ each[j] / TEMPERATURE - whole for j in own) / len(own)
    return total / anchors


def main(folder):
    torch.use_deterministic_algorithms(True)
    tasks = {}
    for name, loss, outputs in [("reading", reading, 2), ("judging", judging, 1), ("ranking", ranking, 0),
                                ("contrasting", contrasting, 0)]:
        torch.manual_seed(11)
        model = PeftModel.from_pretrained(
            BertModel.from_pretrained(folder / "base"), folder / "lora", is_trainable=True).double().eval()
        layer = torch.nn.Linear(16, max(1, outputs)).double()
        value = loss(model, layer)
        value.backward()
        tasks[name] = {
            "loss": float(value.detach()),
            "gradients": {
                key.replace("base_model.model.", "").replace(".default", ""): numbers(parameter.grad)
                for key, parameter in model.named_parameters() if "lora_" in key}}
        if outputs:
            tasks[name]["head"] = {
                part: {"value": numbers(parameter), "gradient": numbers(parameter.grad)}
                for part, parameter in layer.named_parameters()}
        print(name, tasks[name]["loss"])
    (folder / "tasks.json").write_text(json.dumps({
        "pairs": PAIRS, "seconds": SECONDS, "firsts": FIRSTS, "lasts": LASTS, "relevant": RELEVANT, "queries": QUERIES,
        "passages": PASSAGES, "matches": MATCHES, "step": STEP, "temperature": TEMPERATURE, "labelled": LABELLED,
        "labels": LABELS, "tasks": tasks}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
