"""Loads an adapter that Tandem wrote into PEFT and compares what it gives with what Tandem's own trainer gave.

    ./mvnw -pl tune -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false
    /tmp/reference/bin/python tune/reference/load_adapter.py tune/src/test/resources/reference/base tune/target/written-lora
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import BertModel

base, written = Path(sys.argv[1]), Path(sys.argv[2])
expected = json.loads((written / "expected.json").read_text())
model = PeftModel.from_pretrained(BertModel.from_pretrained(base), written).eval()
ids = torch.tensor(expected["ids"])
with torch.no_grad():
    first = model(input_ids=ids, attention_mask=(ids != 0).long()).last_hidden_state[:, 0]
    sentences = torch.nn.functional.normalize(first, dim=1)
    weight = torch.tensor(expected["head.weight"]).view(-1, sentences.shape[1])
    logits = torch.nn.functional.linear(sentences, weight, torch.tensor(expected["head.bias"]))
difference = (logits.flatten() - torch.tensor(expected["logits"])).abs().max().item()
print(f"largest difference of a logit: {difference:.2e}")
sys.exit(0 if difference < 1e-4 else 1)
