"""Records: what the standard library makes of a class, made when it is first used."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import pickle
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

import pytest

import shared
from shared.adapters.dynamodb import codec
from shared.domain.record import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that pickle finds again."""

    name: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Holder:
    kept: Kept | None = None
    parts: tuple[Kept, ...] = ()


def stated(how: Callable[..., Any]) -> dict[str, Any]:
    """The same classes, made of ``how``."""

    class Plain:
        __slots__ = ()

        amount: int  # told, and no field

        @property
        def doubled(self) -> int:
            return self.amount * 2

    @how(frozen=True, slots=True)
    class Money(Plain):
        """An amount."""

        amount: int
        currency: str = "EUR"
        secret: str = field(default="", repr=False)
        noted: list[str] = field(default_factory=list, compare=False)
        kind: ClassVar[str] = "money"

        def __post_init__(self) -> None:
            if self.amount < 0:
                raise ValueError("below zero")

    @how(frozen=True, slots=True)
    class Fee(Money):
        percent: int = 0
        currency: str = "USD"

    @how(frozen=True, slots=True, order=True)
    class Place:
        row: int
        column: int

    @how(frozen=True, slots=True, eq=False)
    class Itself:
        number: int

    @how(frozen=True, slots=True)
    class Box(Generic[T]):
        inside: T

        def __repr__(self) -> str:
            return "a box"

    return {each.__name__: each for each in (Money, Fee, Place, Itself, Box)}


@pytest.fixture
def ours() -> dict[str, Any]:
    return stated(dataclass)


def unwritten(cls: type[Any]) -> bool:
    return type(vars(cls)["__dataclass_fields__"]) is not dict


def used(cls: type[Any]) -> type[Any]:
    """The class, after it was asked for all that is written of it."""
    one = cls(1, 2) if cls.__name__ == "Place" else cls(1)
    assert repr(one)
    assert one == one
    return cls


@pytest.mark.parametrize("name", ["Money", "Fee", "Place", "Itself", "Box"])
def test_a_record_has_what_the_standard_library_gives_it(ours: dict[str, Any], name: str) -> None:
    theirs, own = stated(dataclasses.dataclass)[name], used(ours[name])

    assert {*vars(own)} == {*vars(theirs)}
    for attribute in ("__slots__", "__match_args__", "__doc__", "__qualname__", "__module__", "__annotations__"):
        assert vars(own).get(attribute) == vars(theirs).get(attribute) or attribute == "__qualname__"
    assert own.__qualname__ == theirs.__qualname__
    assert [str(each) for each in fields(own)] == [str(each) for each in fields(theirs)]
    assert str(own.__dataclass_params__) == str(theirs.__dataclass_params__)
    for method in ("__init__", "__repr__", "__eq__", "__hash__", "__lt__"):
        assert code(getattr(own, method)) == code(getattr(theirs, method))


def code(method: Any) -> Any:
    """Of what was written, or the method that every object has."""
    written = getattr(method, "__wrapped__", method)  # a text guards against records that hold themselves
    return written.__code__.co_code if hasattr(written, "__code__") else written


def test_a_record_is_written_by_its_first_instance_and_not_before(ours: dict[str, Any]) -> None:
    money = ours["Money"]
    assert unwritten(money)

    one = money(150, secret="hush", noted=["a"])

    assert not unwritten(money)
    assert repr(one) == f"{money.__qualname__}(amount=150, currency='EUR', noted=['a'])"
    assert one == money(150, secret="hush") != money(150, secret="other")
    assert hash(one) == hash(money(150, secret="hush", noted=["b"])) != hash(money(151, secret="hush"))

    assert (one.doubled, money.kind) == (300, "money")
    assert replace(one, amount=7) == money(7, secret="hush")


def test_a_record_written_by_its_first_instance_keeps_secrets_out_of_its_text(ours: dict[str, Any]) -> None:
    assert "hush" not in repr(ours["Money"](1, secret="hush"))
    assert "hush" not in str(ours["Fee"](1, secret="hush"))
    assert "hush" not in f"{Kept('n', 'hush')} {Holder(Kept('n', 'hush'))!r}"


@pytest.mark.parametrize("first", [hash, repr, lambda one: one == one])
def test_whatever_is_asked_first_of_an_instance_is_answered(
    ours: dict[str, Any], first: Callable[[Any], Any]
) -> None:
    one, same, other = (ours["Money"](amount, secret="hush") for amount in (1, 1, 2))

    assert first(one) is not None

    assert one == same
    assert one != other
    assert {one: "found"}[same] == "found"
    assert other not in {one}
    assert one.__eq__(1) is NotImplemented
    assert "hush" not in repr(one)


def test_the_first_instance_is_checked_as_all_others(ours: dict[str, Any]) -> None:
    for name in ("Money", "Fee"):
        with pytest.raises(ValueError, match="below zero"):
            ours[name](-1)
        with pytest.raises(ValueError, match="below zero"):
            replace(ours[name](1), amount=-1)


def test_what_is_missing_or_too_much_is_refused_of_the_first_instance(ours: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="amount"):
        ours["Money"]()
    with pytest.raises(TypeError, match="colour"):
        ours["Fee"](1, colour="red")


def test_nothing_is_ever_set_or_deleted(ours: dict[str, Any]) -> None:
    never_written = object.__new__(ours["Place"])
    for one, name in ((never_written, "row"), (ours["Place"](1, 2), "row"), (ours["Fee"](1), "other")):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(one, name, 3)
        with pytest.raises(FrozenInstanceError, match=name):
            delattr(one, name)
        assert not hasattr(one, "__dict__")


def test_a_subclass_that_comes_first_has_the_fields_of_what_it_derives_from(ours: dict[str, Any]) -> None:
    fee = ours["Fee"](10, percent=3)

    assert (fee.amount, fee.currency, fee.percent) == (10, "USD", 3)
    assert [each.name for each in fields(fee)] == ["amount", "currency", "secret", "noted", "percent"]
    assert not unwritten(ours["Money"])


def test_who_asks_for_the_fields_of_a_class_has_them_before_any_instance(ours: dict[str, Any]) -> None:
    assert is_dataclass(ours["Money"])
    assert [each.name for each in fields(ours["Fee"])][-1] == "percent"

    theirs: Any = dataclasses.make_dataclass("Theirs", ["depth"], bases=(ours["Place"],), frozen=True)
    assert (theirs(1, 2, 3).row, theirs(1, 2, 3).depth) == (1, 3)


def test_records_have_the_order_they_ask_for_and_no_equals_where_they_ask_for_none(ours: dict[str, Any]) -> None:
    assert ours["Place"](1, 2) < ours["Place"](1, 3)
    assert ours["Itself"](1) != ours["Itself"](1)
    assert repr(ours["Box"][int](1)) == "a box"


def test_a_pattern_matches_records_by_their_places(ours: dict[str, Any]) -> None:
    place = ours["Place"]

    def row(of: object) -> int:
        match of:
            case place(found, _):
                return int(found)
        return 0

    assert (row("no place"), row(place(7, 1))) == (0, 7)


def test_records_are_copied_and_sent_to_other_processes() -> None:
    one = Holder(Kept("a", "hush"), (Kept("b"),))

    assert copy.deepcopy(one) == one == pickle.loads(pickle.dumps(one))


def test_a_record_that_comes_from_another_process_is_written_here(ours: dict[str, Any]) -> None:
    place = ours["Place"]
    came = object.__new__(place)

    came.__setstate__([1, 2])  # all that pickle calls

    assert came == place(1, 2)


def test_what_is_stored_is_read_as_records_of_classes_that_nobody_used_yet() -> None:
    cls = stored()

    read = codec.from_text(cls, '{"kept":{"name":"a"},"parts":[{"name":"b"}]}')

    assert read == cls(Kept("a"), (Kept("b"),))


def stored() -> type[Any]:
    @dataclass(frozen=True, slots=True)
    class Stored:
        kept: Kept | None = None
        parts: tuple[Kept, ...] = ()

    return Stored


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_threads_that_make_the_first_instances_at_once_all_have_whole_ones() -> None:
    """Each round has classes that nobody used, two of them of one family, and threads that begin at one moment."""
    for _ in range(30):
        known, begin, wrong = stated(dataclass), threading.Barrier(6), list[object]()

        def make(name: str, known: dict[str, Any] = known, begin: Any = begin, wrong: Any = wrong) -> None:
            begin.wait()
            try:
                one = known[name](1, secret="hush")
                assert one == known[name](1, secret="hush")
                assert "hush" not in repr(one)
                assert [each.name for each in fields(one)][:2] == ["amount", "currency"]
                assert dataclasses.replace(one, amount=2).amount == 2
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=make, args=(name,)) for name in ("Money", "Fee") * 3]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert wrong == []


def test_who_comes_while_a_class_is_written_waits_for_it_and_writes_nothing(
    ours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, write = threading.Event(), threading.Event(), dataclasses.dataclass
    calls, made = list[str](), list[Any]()

    def slowly(**asked: Any) -> Any:
        calls.append(threading.current_thread().name)
        begun.set()
        assert go.wait(60)
        return write(**asked)

    monkeypatch.setattr(dataclasses, "dataclass", slowly)
    threads = [threading.Thread(target=lambda: made.append(ours["Place"](1, 2)), name=name) for name in "AB"]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    threads[1].join(0.1)  # time enough to get through, were there a way
    assert made == []
    go.set()
    for each in threads:
        each.join(60)

    assert calls == ["A"]
    assert [(one.row, one.column) for one in made] == [(1, 2), (1, 2)]


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="frozen"):
        dataclass(frozen=False, slots=True)
    with pytest.raises(TypeError, match="frozen"):
        dataclass(frozen=True, slots=False)

    @dataclass(frozen=True, slots=True)
    class NotKept:
        given: dataclasses.InitVar[int]

    @dataclass(frozen=True, slots=True)
    class NotGiven:
        made: int = field(default=1, init=False)

    for cls in (NotKept, NotGiven):
        for _ in range(2):
            with pytest.raises(TypeError, match="has something beside"):
                cls(1)  # type: ignore[call-arg]


def test_every_record_of_what_is_deployed_can_be_written_and_its_text_leaves_out_what_it_states() -> None:
    """A mistake in a class would be told by its first instance alone."""
    records = [
        cls
        for module in pkgutil.walk_packages(shared.__path__, "shared.")
        for cls in vars(importlib.import_module(module.name)).values()
        if isinstance(cls, type) and cls.__module__ == module.name
        if {"__dataclass_fields__", "__setattr__"} <= {*vars(cls)}  # what changes is no record
    ]

    assert len(records) > 200
    for cls in records:
        one: Any = object.__new__(cls)
        for each in fields(cls):
            object.__setattr__(one, each.name, 0 if each.repr else "hush")
        assert cls.__setattr__.__module__ == "shared.domain.record", f"{cls} is written at its definition"
        assert not unwritten(cls)
        assert "hush" not in repr(one)
        assert all(f"{each.name}=0" in repr(one) for each in fields(cls) if each.repr)
