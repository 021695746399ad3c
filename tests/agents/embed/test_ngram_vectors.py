"""The default embedding."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.embed import NgramEmbedder
from agents.embed.hashing import gram_hashes
from agents.embed.ngrams import DIMENSIONS
from agents.embed.weights import BUCKETS, count_weights, load_weights

ROOT = Path(__file__).parents[3]
SAMPLE = ("受汛期持续降雨影响，部分任务推迟到次年实施。", "Power BI 看板 ≥98.50(%)", "机构改革，职能划转")
FROZEN = "3db6e85ea844101d"
"""What these texts came out as when the weights were frozen. Where another value is meant, METHOD, WEIGHTS_VERSION or the version of the
thesaurus has to count up with it, so that nobody compares the two."""


def _likeness(first: str, second: str) -> float:
    embedder = NgramEmbedder()
    return float(embedder.embed_documents([first])[0] @ embedder.embed_query(second))


def test_vectors_are_those_that_were_frozen() -> None:
    made = NgramEmbedder().embed_documents(SAMPLE)
    assert hashlib.sha256(np.rint(made * 10_000).astype("<i4").tobytes()).hexdigest()[:16] == FROZEN


def test_another_process_gives_the_same_vectors() -> None:
    script = "from agents.embed import NgramEmbedder; print(NgramEmbedder().embed_documents(['机构改革 abc'])[0].tobytes().hex())"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert done.stdout.strip() == NgramEmbedder().embed_documents(["机构改革 abc"])[0].tobytes().hex()


@given(st.lists(st.text(max_size=60), max_size=4))
def test_vectors_are_of_length_one_or_zero(texts: list[str]) -> None:
    made = NgramEmbedder().embed_documents(texts)
    assert made.shape == (len(texts), DIMENSIONS)
    assert made.dtype == np.float32
    for vector in made:
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5) or not vector.any()


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("停车票", "免费1小时停车票数量", "培训人员满意度"),
        ("日长运营保障", "日常运营保障及时性", "设备采购完成率"),
        ("机构改革", "此项职能划转至数据局", "设备到货时间推迟"),
        ("staff turnover", "因人员离职，岗位空缺", "因汛期降雨，工程推迟"),
        ("人手不够，有人离职", "受人员变动影响，未能开展", "系统宕机，数据丢失"),
        ("ＯＣＲ识别", "ocr识别准确率", "网络线路租用"),
    ],
)
def test_what_is_alike_is_nearer(question: str, near: str, far: str) -> None:
    assert _likeness(near, question) > _likeness(far, question) + 0.1


def test_grams_do_not_reach_over_punctuation() -> None:
    assert [len(hashes) for hashes in gram_hashes("停车，票")] == [3, 1, 0]
    assert [len(hashes) for hashes in gram_hashes("")] == [0, 0, 0]


def test_frequent_grams_weigh_less() -> None:
    weights = load_weights()
    assert weights.shape == (BUCKETS,)
    assert 0 <= weights.min() < 0.3
    assert weights.max() == 1
    counted = count_weights(["项目一", "项目二", "项目三"])
    assert counted == count_weights(["项目一", "项目二", "项目三"])


def test_two_thousand_texts_take_about_a_second() -> None:
    texts = [f"{SAMPLE[0]}{SAMPLE[1]}第{i}项，产出指标数量指标，已完成{i}次" for i in range(500)]
    embedder = NgramEmbedder()
    embedder.embed_documents(texts[:1])
    began = time.process_time()
    embedder.embed_documents(texts)
    assert time.process_time() - began < 1
