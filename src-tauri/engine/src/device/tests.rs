use super::*;

#[test]
fn the_processor_is_always_there_and_needs_no_excuse() {
    assert_eq!(Place::find(protocol::Device::Cpu), (Place::Processor, None));
    assert!(Place::Processor.device().is_ok());
    assert!(Place::Processor.to_string().starts_with("CPU, "));
}

#[test]
fn what_is_not_there_is_the_processor_and_a_sentence() {
    // No machine has as many.
    let (place, sentence) = Place::find(protocol::Device::Cuda(4000));
    assert_eq!(place, Place::Processor);
    assert!(sentence.unwrap().contains("runs on the processor"));
}
