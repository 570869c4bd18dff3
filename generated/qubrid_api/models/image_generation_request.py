from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageGenerationRequest")


@_attrs_define
class ImageGenerationRequest:
    """
    Attributes:
        model (str): The image generation model to use. Example: qwen-image.
        prompt (str): The text prompt describing the image to generate. Example: A futuristic city skyline at sunset.
        enhance_prompt (bool | Unset): Whether to automatically enhance the prompt before generation. Default: false.
        go_fast (bool | Unset): Whether to prioritize faster generation. Default: true.
        guidance (float | Unset): Guidance scale controlling prompt adherence. Default: 3.
        negative_prompt (str | Unset): Elements you want to avoid in the generated image. Default: "".
        num_inference_steps (int | Unset): Number of denoising steps used during generation. Default: 30.
        seed (int | None | Unset): Optional random seed for reproducible results. Default: null.
        disable_safety_checker (bool | Unset): Disable the safety checker for generation. Default: false.
        image (None | str | Unset): Optional input image for image-to-image generation or editing. Default: null.
        strength (float | Unset): Strength of transformation when using an input image. Default: 0.
        lora_weights (None | str | Unset): Optional LoRA weights identifier. Default: null.
        lora_scale (float | Unset): Scale factor for the primary LoRA weights. Default: 1.
        extra_lora_weights (list[str] | Unset): Additional LoRA weights to apply. Default: [].
        extra_lora_scale (list[float] | Unset): Scale values for additional LoRA weights. Default: [1, 1].
        aspect_ratio (str | Unset): Aspect ratio for the generated image. Example: 16:9.
        image_size (str | Unset): Controls image resolution or optimization mode. Example: optimize_for_quality.
        output_format (str | Unset): Desired output image format. Example: webp.
        output_quality (int | Unset): Compression quality for the output image. Default: 80.
    """

    model: str
    prompt: str
    enhance_prompt: bool | Unset = UNSET
    go_fast: bool | Unset = UNSET
    guidance: float | Unset = UNSET
    negative_prompt: str | Unset = UNSET
    num_inference_steps: int | Unset = UNSET
    seed: int | None | Unset = UNSET
    disable_safety_checker: bool | Unset = UNSET
    image: None | str | Unset = UNSET
    strength: float | Unset = UNSET
    lora_weights: None | str | Unset = UNSET
    lora_scale: float | Unset = UNSET
    extra_lora_weights: list[str] | Unset = UNSET
    extra_lora_scale: list[float] | Unset = UNSET
    aspect_ratio: str | Unset = UNSET
    image_size: str | Unset = UNSET
    output_format: str | Unset = UNSET
    output_quality: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model = self.model

        prompt = self.prompt

        enhance_prompt = self.enhance_prompt

        go_fast = self.go_fast

        guidance = self.guidance

        negative_prompt = self.negative_prompt

        num_inference_steps = self.num_inference_steps

        seed: int | None | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        disable_safety_checker = self.disable_safety_checker

        image: None | str | Unset
        if isinstance(self.image, Unset):
            image = UNSET
        else:
            image = self.image

        strength = self.strength

        lora_weights: None | str | Unset
        if isinstance(self.lora_weights, Unset):
            lora_weights = UNSET
        else:
            lora_weights = self.lora_weights

        lora_scale = self.lora_scale

        extra_lora_weights: list[str] | Unset = UNSET
        if not isinstance(self.extra_lora_weights, Unset):
            extra_lora_weights = self.extra_lora_weights

        extra_lora_scale: list[float] | Unset = UNSET
        if not isinstance(self.extra_lora_scale, Unset):
            extra_lora_scale = self.extra_lora_scale

        aspect_ratio = self.aspect_ratio

        image_size = self.image_size

        output_format = self.output_format

        output_quality = self.output_quality

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model": model,
                "prompt": prompt,
            }
        )
        if enhance_prompt is not UNSET:
            field_dict["enhance_prompt"] = enhance_prompt
        if go_fast is not UNSET:
            field_dict["go_fast"] = go_fast
        if guidance is not UNSET:
            field_dict["guidance"] = guidance
        if negative_prompt is not UNSET:
            field_dict["negative_prompt"] = negative_prompt
        if num_inference_steps is not UNSET:
            field_dict["num_inference_steps"] = num_inference_steps
        if seed is not UNSET:
            field_dict["seed"] = seed
        if disable_safety_checker is not UNSET:
            field_dict["disable_safety_checker"] = disable_safety_checker
        if image is not UNSET:
            field_dict["image"] = image
        if strength is not UNSET:
            field_dict["strength"] = strength
        if lora_weights is not UNSET:
            field_dict["lora_weights"] = lora_weights
        if lora_scale is not UNSET:
            field_dict["lora_scale"] = lora_scale
        if extra_lora_weights is not UNSET:
            field_dict["extra_lora_weights"] = extra_lora_weights
        if extra_lora_scale is not UNSET:
            field_dict["extra_lora_scale"] = extra_lora_scale
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if image_size is not UNSET:
            field_dict["image_size"] = image_size
        if output_format is not UNSET:
            field_dict["output_format"] = output_format
        if output_quality is not UNSET:
            field_dict["output_quality"] = output_quality

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        model = d.pop("model")

        prompt = d.pop("prompt")

        enhance_prompt = d.pop("enhance_prompt", UNSET)

        go_fast = d.pop("go_fast", UNSET)

        guidance = d.pop("guidance", UNSET)

        negative_prompt = d.pop("negative_prompt", UNSET)

        num_inference_steps = d.pop("num_inference_steps", UNSET)

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        disable_safety_checker = d.pop("disable_safety_checker", UNSET)

        def _parse_image(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        image = _parse_image(d.pop("image", UNSET))

        strength = d.pop("strength", UNSET)

        def _parse_lora_weights(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        lora_weights = _parse_lora_weights(d.pop("lora_weights", UNSET))

        lora_scale = d.pop("lora_scale", UNSET)

        extra_lora_weights = cast(list[str], d.pop("extra_lora_weights", UNSET))

        extra_lora_scale = cast(list[float], d.pop("extra_lora_scale", UNSET))

        aspect_ratio = d.pop("aspect_ratio", UNSET)

        image_size = d.pop("image_size", UNSET)

        output_format = d.pop("output_format", UNSET)

        output_quality = d.pop("output_quality", UNSET)

        image_generation_request = cls(
            model=model,
            prompt=prompt,
            enhance_prompt=enhance_prompt,
            go_fast=go_fast,
            guidance=guidance,
            negative_prompt=negative_prompt,
            num_inference_steps=num_inference_steps,
            seed=seed,
            disable_safety_checker=disable_safety_checker,
            image=image,
            strength=strength,
            lora_weights=lora_weights,
            lora_scale=lora_scale,
            extra_lora_weights=extra_lora_weights,
            extra_lora_scale=extra_lora_scale,
            aspect_ratio=aspect_ratio,
            image_size=image_size,
            output_format=output_format,
            output_quality=output_quality,
        )

        image_generation_request.additional_properties = d
        return image_generation_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
