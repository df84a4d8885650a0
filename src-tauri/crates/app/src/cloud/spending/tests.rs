use super::*;

const NOON_OF_22_NOVEMBER_2026: Timestamp = 1_795_348_800_000;

#[test]
fn a_moment_lies_in_its_month() {
    assert_eq!(month_of(NOON_OF_22_NOVEMBER_2026), Month { year: 2026, month: 11 });
    assert_eq!(month_of(0), Month { year: 1970, month: 1 });
    assert_eq!(month_of(-1), Month { year: 1969, month: 12 });
    // 29 February 2028, 23:59:59.999, and the millisecond after it.
    let last = 1_835_481_599_999;
    assert_eq!(month_of(last), Month { year: 2028, month: 2 });
    assert_eq!(month_of(last + 1), Month { year: 2028, month: 3 });
}

#[test]
fn months_follow_each_other_without_gaps() {
    let mut month = Month { year: 1999, month: 1 };
    for _ in 0..400 {
        let next = month.next();
        assert_eq!(next.previous(), month);
        assert_eq!(month_of(next.begin()), next);
        assert_eq!(month_of(next.begin() - 1), month);
        month = next;
    }
}
