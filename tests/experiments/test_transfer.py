"""The recorded results of the two transfer experiments with the digits and the drawn shapes."""

from convlab.results import load
from experiments import common


def test_with_few_pictures_transfer_pays_and_with_many_frozen_features_do_not() -> None:
    data = load("transfer-ways").data
    last = len(data["counts"]) - 1

    def mean(row: str, part: str, place: int) -> float:
        rows = data["rows"][row][part]
        return float(sum(curve[place] for curve in rows) / len(rows))

    assert min(data["known"]["known classes"] + data["known"]["shapes"]) > 0.9
    features = "known classes, fixed features"
    assert mean(features, "accuracy", 0) > mean("from nothing", "accuracy", 0) + 0.1
    assert mean(features, "accuracy", last) < mean("from nothing", "accuracy", last) - 0.1
    assert mean(features, "seconds", last) < mean("known classes, all", "seconds", last) / 2


def test_frozen_layers_of_the_same_classes_cost_nothing_and_random_ones_do() -> None:
    found = {
        kind: [sum(values) / len(values) for values in zip(*rows, strict=True)]
        for kind, rows in load("transfer-layers").data["accuracy"].items()
    }
    assert max(curve[0] for curve in found.values()) - min(curve[0] for curve in found.values()) < 1e-6
    assert found["same classes"][-1] > found["other classes"][-1] > found["random"][-1]
    assert found["other classes"][1] > found["random"][-1]


def test_an_incomplete_record_is_noticed() -> None:
    record = load("transfer-layers")
    found = common("transfer-layers")
    assert found.missing(record.data, len(record.seeds), record.epochs) == []
    assert found.missing(record.data, len(record.seeds) + 1, record.epochs) != []
