"""Makes what ReferenceTest reproduces: a tiny random BERT with low-rank weights beside its layers, by transformers and PEFT.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install -r tune/reference/requirements.txt
    /tmp/reference/bin/python tune/reference/make_fixtures.py tune/src/test/resources/reference

Run by hand; what it makes is committed.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import BertConfig, BertModel

TARGETS = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
IDS = [[2, 7, 11, 35, 3], [2, 9, 3, 0, 0], [2, 38, 14, 3, 0], [2, 21, 5, 5, 3]]
LABELS = [0, 2, 1, 2]
STEPS = 6


def head(hidden, classes):
    layer = torch.nn.Linear(hidden, classes)
    torch.nn.init.normal_(layer.weight, std=2.0)
    torch.nn.init.normal_(layer.bias, std=0.5)
    return layer


def scores(model, layer, ids, mask):
    first = model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
    return layer(torch.nn.functional.normalize(first, dim=1))


def numbers(tensor):
    return [float(value) for value in tensor.detach().flatten()]


def main(folder):
    torch.manual_seed(20261128)
    torch.use_deterministic_algorithms(True)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=24,
        max_position_embeddings=16, type_vocab_size=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        initializer_range=0.3)
    base = BertModel(config).eval()
    for name, parameter in base.named_parameters():
        if "LayerNorm" in name:
            torch.nn.init.normal_(parameter, mean=1.0 if name.endswith("weight") else 0.0, std=0.2)
    base.save_pretrained(folder / "base", safe_serialization=True)
    (folder / "base" / "tokenizer.json").write_text("{}\n")
    ids = torch.tensor(IDS)
    mask = (ids != 0).long()
    labels = torch.tensor(LABELS)
    for name, stabilised in [("lora", False), ("rslora", True)]:
        torch.manual_seed(7)
        model = get_peft_model(
            BertModel.from_pretrained(folder / "base"),
            LoraConfig(r=4, lora_alpha=8, target_modules=TARGETS, use_rslora=stabilised, lora_dropout=0.0,
                       task_type="FEATURE_EXTRACTION")).train()
        for key, parameter in model.named_parameters():
            if "lora_" in key:
                torch.nn.init.normal_(parameter, std=0.2)
        model.save_pretrained(folder / name)
        (folder / name / "README.md").unlink()
        # In float64, so that what differs in Java differs for a reason.
        model = model.double()
        layer = head(16, 3).double()
        expected = {"head.weight": numbers(layer.weight), "head.bias": numbers(layer.bias)}
        logits = scores(model, layer, ids, mask)
        expected["logits"] = numbers(logits)
        learned = [parameter for key, parameter in model.named_parameters() if "lora_" in key]
        optimizer = torch.optim.AdamW(
            [{"params": learned, "lr": 0.02, "weight_decay": 0.01},
             {"params": list(layer.parameters()), "lr": 0.05, "weight_decay": 0.0}], betas=(0.9, 0.999), eps=1e-8)
        losses = []
        for step in range(STEPS):
            loss = torch.nn.functional.cross_entropy(scores(model, layer, ids, mask), labels, label_smoothing=0.05)
            losses.append(float(loss.detach()))
            optimizer.zero_grad()
            loss.backward()
            if step == 0:
                expected["gradients"] = {
                    key.replace("base_model.model.", "").replace(".default", ""): numbers(parameter.grad)
                    for key, parameter in model.named_parameters() if "lora_" in key}
                expected["gradients"]["head.weight"] = numbers(layer.weight.grad)
                expected["gradients"]["head.bias"] = numbers(layer.bias.grad)
            torch.nn.utils.clip_grad_norm_(learned + list(layer.parameters()), 1.0)
            optimizer.step()
        expected["losses"] = losses
        expected["logits_after"] = numbers(scores(model, layer, ids, mask))
        (folder / f"{name}.json").write_text(json.dumps({"ids": IDS, "labels": LABELS, **expected}) + "\n")
        print(name, losses)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
