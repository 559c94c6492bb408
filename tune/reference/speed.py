"""How many texts a second sentence-transformers with PEFT learns from: rank 8 beside all linear layers of bge-small's shape,
a classifier's head on top, batches of 32 texts of 64 tokens, the whole step. Prints one number; called by
`bench/run LoraSpeed python=…` with steps to warm up, steps, threads and batches of how many texts of how many tokens.

The weights are random: speed does not depend on them, and nothing is fetched.
"""

import sys
import tempfile
import time

import torch
from peft import LoraConfig, inject_adapter_in_model
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

WARM, STEPS, THREADS, BATCH, LENGTH = map(int, sys.argv[1:6])


def model(folder):
    config = BertConfig(
        vocab_size=30522, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536,
        max_position_embeddings=512)
    BertModel(config).save_pretrained(folder)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + [f"w{i}" for i in range(30517)]
    with open(f"{folder}/vocab.txt", "w", encoding="utf-8") as out:
        out.write("\n".join(words) + "\n")
    BertTokenizerFast(f"{folder}/vocab.txt").save_pretrained(folder)
    transformer = Transformer(folder)
    return SentenceTransformer(
        modules=[transformer, Pooling(config.hidden_size, pooling_mode="cls")], device="cpu")


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        encoder = model(folder)
    # Not by add_adapter, which asks for a later PEFT than the one that is pinned.
    inject_adapter_in_model(
        LoraConfig(
            r=8, lora_alpha=16, lora_dropout=0.0,
            target_modules=["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]),
        encoder[0].model)
    encoder.train()
    head = torch.nn.Linear(384, 2)
    learned = [each for name, each in encoder.named_parameters() if "lora_" in name]
    for name, each in encoder.named_parameters():
        each.requires_grad_("lora_" in name)
    assert len(learned) == 2 * 6 * 12, "the adapter is not beside every linear layer"
    optimizer = torch.optim.AdamW(learned + list(head.parameters()), lr=1e-4)
    labels = torch.arange(BATCH) % 2
    began = 0.0
    for step in range(WARM + STEPS):
        if step == WARM:
            began = time.perf_counter()
        ids = torch.randint(5, 30522, (BATCH, LENGTH))
        output = encoder({"input_ids": ids, "attention_mask": torch.ones_like(ids)})["sentence_embedding"]
        loss = torch.nn.functional.cross_entropy(head(torch.nn.functional.normalize(output, dim=1)), labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned + list(head.parameters()), 1.0)
        optimizer.step()
    print(BATCH * STEPS / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
